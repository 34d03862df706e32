import { once } from "node:events";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startPlatform } from "../../../local/platform.ts";
import { run } from "../../../local/run.ts";
import { failureOf } from "../../helpers/failure.ts";
import { withPipeline } from "../../helpers/running-pipeline.ts";
import { grants } from "../../helpers/stack-variant.ts";
import { synthesizedStack } from "../../helpers/synth.ts";
import { tempFolder } from "../../helpers/temp-folder.ts";

const { folder } = await synthesizedStack("leadwire-dev");
const all = grants(folder);

/** The dev stack without a grant. */
function without(name: string): string {
  const grant = all.find((candidate) => candidate.name === name);
  if (!grant) throw new Error(`The stack has no ${name}.`);
  return grant.without();
}

const missing = suite("missing permission");

missing("a role that Lambda may not take on: the pipeline does not start", async () => {
  const stackDir = without("aws_iam_role.enrich, statement Assume");
  const { message } = await failureOf(startPlatform({ stackDir }));
  assert.match(message, "aws_lambda_function.enrich: The role defined for the function cannot be assumed by Lambda.");
  assert.match(message, 'Needed: {"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}');
});

missing("a mapping's role without the queue's actions: the pipeline does not start", async () => {
  const stackDir = without("aws_iam_role_policy.enrich, statement ConsumeQueue");
  const { message } = await failureOf(startPlatform({ stackDir }));
  assert.match(message, "The provided execution role does not have permissions to call ReceiveMessage on SQS");
});

missing("a function without its table: the call is refused, and the run names function, action and table", () =>
  withPipeline({ stackDir: without("aws_iam_role_policy.notify, statement KeepLedger") }, async (platform) => {
    const denied = once(platform.gateway, "denied");
    await platform.crm.sendLeads(1);
    await denied;
    const [line = ""] = platform.denials.lines();
    const table = "arn:aws:dynamodb:us-east-1:111122223333:table/leadwire-dev-ledger";
    assert.match(line, `leadwire-dev-notify was denied dynamodb:GetItem on ${table}`);
    assert.match(line, `Needed: {"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"${table}"}`);
  }),
);

missing("a queue that does not let its rule in: the event is in the rule's dead letter queue, with the reason", () =>
  withPipeline({ stackDir: without("aws_sqs_queue_policy.leads, statement RawLeadCreated") }, async (platform) => {
    const arrived = once(platform.deadLetters, "arrived");
    await platform.crm.sendLeads(1);
    const [, queue] = await arrived;
    assert.is(queue, "leadwire-dev-events-dlq");
    const [letter] = platform.deadLetters.contents();
    assert.is(letter?.messageAttributes.ERROR_CODE?.StringValue, "NO_PERMISSIONS");
    assert.match(platform.denials.lines()[0] ?? "", /^leadwire-dev-raw-lead-created was denied sqs:SendMessage/);
  }),
);

missing("an API that may not invoke its function: 500", () =>
  withPipeline({ stackDir: without("aws_lambda_permission.api") }, async ({ endpoint, denials }) => {
    const answer = await fetch(`${endpoint}/website`, { method: "POST", body: "{}" });
    assert.equal([answer.status, await answer.text()], [500, '{"message":"Internal Server Error"}']);
    assert.match(denials.lines()[0] ?? "", "lambda:InvokeFunction");
  }),
);

missing("a function that may not write its log: its lines are gone, and the run says so once", async () => {
  const printed: string[] = [];
  const stack = without("aws_iam_role_policy.ingest, statement WriteLog");
  const options = {
    env: "dev",
    source: ["all"],
    leads: 1,
    rate: undefined,
    slack: "up",
    port: 0,
    seed: 1,
    stack,
    exit: true,
    quiet: false,
    json: true,
  } as const;
  const print = (line: string) => void printed.push(line);
  const { lost, deniedCalls } = await run(options, {
    print,
    interrupted: new AbortController().signal,
    runFolder: tempFolder(),
  });
  assert.is(lost, 0);
  const group = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/leadwire-dev-ingest:*";
  assert.is(deniedCalls, 1);
  const lines = printed.filter((line) => line.includes("logs:CreateLogStream"));
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? "", `leadwire-dev-ingest was denied logs:CreateLogStream on ${group}. Needed:`);
});

missing.run();
