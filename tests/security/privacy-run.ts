import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { ApiAnswer, Call } from "local-aws";
import { Output, outcomesPrefix, webhookOutput } from "../../flow.ts";
import { channelNames } from "../../functions/notify/channels/index.ts";
import { listDeadLetters } from "../../ops/commands/dead-letters-list.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { isClaim } from "../helpers/ledger-table.ts";
import { testPatience } from "../helpers/running-pipeline.ts";
import { logLine } from "../local/faults/fault-fixtures.ts";
import { run } from "../ops/ops-fixtures.ts";
import { inEventIds, inFiles, inOddFields, ordinary, withoutContact } from "./personal-data.ts";
import {
  deadLettered,
  drop,
  keysIn,
  mailsOf,
  send,
  sendSigned,
  startTarget,
  type Target,
} from "./security-fixtures.ts";

/** What a run left behind, by where it was found; the leads' own places are not among them. */
export interface Traces {
  readonly places: ReadonlyMap<string, string>;
  readonly secrets: readonly string[];
}

/** An error of a service that quotes what it was asked, as AWS' errors do now and then. */
function quoting({ service, parameters }: Call): ApiAnswer {
  const message = `Refused: ${JSON.stringify(parameters)}`;
  const xml = `<Error><Code>SlowDown</Code><Message>${message.replace(/[<>&]/g, " ")}</Message></Error>`;
  return service === "s3"
    ? { status: 503, headers: { "content-type": "application/xml" }, body: xml }
    : { status: 400, headers: {}, body: JSON.stringify({ __type: "ValidationException", message }) };
}

/** A claim is an update like others. */
const operationOf = ({ operation, parameters }: Call) => (isClaim(parameters) ? "Claim" : operation);

/** A function's operation that fails, what the function logs then, and whose lead it is. */
const failures = [
  { operation: "PutObject", told: "request not accepted", lead: ordinary[0]?.lead },
  { operation: "GetObject", told: "message postponed", lead: ordinary[1]?.lead },
  { operation: "SendMessage", told: "attempt failed", lead: withoutContact[0]?.lead },
  { operation: "Claim", told: "attempt failed", lead: ordinary[2]?.lead },
  { operation: "UpdateItem", told: "ledger not updated", lead: inOddFields[0]?.lead },
  { operation: "SendEmail", told: "neither Slack nor email took the leads", lead: ordinary[0]?.lead },
] as const;

/** Runs the pipeline with people's data in odd places, and lets everything fail that can. */
export async function tracesOfARun(): Promise<Traces> {
  let failing: string | undefined;
  const target = await startTarget({
    intercept: (call) => (call.caller.kind === "role" && operationOf(call) === failing ? quoting(call) : undefined),
  });
  try {
    const outcomes: string[] = [];
    target.gateway.on("answered", ({ call, request }) => {
      const isOutcome = call.operation === "PutObject" && String(call.parameters.Key).startsWith(outcomesPrefix);
      if (isOutcome) outcomes.push(request.body.toString("utf8"));
    });
    const answers = [...(await sendEverybody(target))];
    for (const { operation, told, lead } of failures) {
      const line = logLine(target, ({ message }) => String(message).includes(told));
      failing = operation;
      answers.push((await sendSigned(target, target.crm.sign("website", JSON.stringify(lead)))).text);
      await line;
      failing = undefined;
    }
    await target.monitoring.tick(new Date());
    await target.monitoring.delivered();
    return { places: await placesOf(target, answers, outcomes), secrets: await secretsOf(target) };
  } finally {
    await target.stop();
  }
}

/** @returns the API's answers */
async function sendEverybody(target: Target): Promise<string[]> {
  const { crm, leadAudit, slack } = target;
  const answers: string[] = [];
  const deliveries = await Promise.all(ordinary.map(({ lead }) => crm.sendLead("website", lead)));
  answers.push(...deliveries.map(({ body }) => body));
  for (const { lead, name, email } of inEventIds) {
    const signed = crm.sign("crm", JSON.stringify(lead), `${name} ${email}`);
    for (const path of ["/crm", "/website", `/${encodeURIComponent(name)}`, `/${email}?${email}`]) {
      answers.push((await sendSigned(target, signed, path)).text);
    }
    const broken = crm.sign("crm", JSON.stringify(lead).slice(1), email);
    answers.push((await send(target, "/crm", broken.body, broken.headers)).text);
  }
  for (const { file, lead, email } of inFiles) await drop(target, `${file}.json`, lead, { source: email });
  await leadAudit.settled(testPatience);

  slack.mode = "down";
  for (const { lead } of inOddFields) answers.push((await crm.sendLead("crm", lead)).body);
  await leadAudit.settled(testPatience);

  const letters = deadLettered(target, 2 * withoutContact.length);
  for (const { name, lead } of withoutContact) {
    answers.push((await crm.sendLead("website", lead)).body);
    await drop(target, `enriched/${name}.json`, lead);
  }
  await letters;
  return answers;
}

/** What the operator's list of dead letters prints. */
async function listed(target: Target, queue: "leads" | "notifications", json: boolean): Promise<string> {
  const outputs = () => pipelineOf((name) => target.stack.output(name), "the stack");
  const sqs = () => new SQSClient(target.clientSettings());
  return (await run(listDeadLetters, { outputs, queue, json }, { sqs })).printed;
}

async function placesOf(
  target: Target,
  answers: readonly string[],
  outcomes: readonly string[],
): Promise<Map<string, string>> {
  const ledger = new DynamoDBClient(target.clientSettings());
  const { Items } = await ledger.send(new ScanCommand({ TableName: String(target.stack.output(Output.ledgerTable)) }));
  const letters = target.deadLetters.contents();
  const named = new Set([
    ...inFiles.map(({ file }) => `${file}.json`),
    ...withoutContact.map(({ name }) => `enriched/${name}.json`),
  ]);
  const mails = await mailsOf(target);
  const lists = await Promise.all([listed(target, "leads", false), listed(target, "notifications", true)]);
  return new Map([
    ["the functions' logs, metrics and platform records", await target.logs.text()],
    ["the API's answers", answers.join("\n")],
    ["the attributes of dead letters", JSON.stringify(letters.map(({ messageAttributes }) => messageAttributes))],
    ["the operator's list of dead letters", lists.join("\n")],
    ["the ledger", JSON.stringify(Items)],
    ["outcomes", outcomes.join("")],
    ["the keys that the functions made", (await keysIn(target)).filter((key) => !named.has(key)).join("\n")],
    ["mails about alarms", JSON.stringify(mails.filter(({ from }) => from.includes("sns.amazonaws.com")))],
  ]);
}

/** The values of all SSM parameters, and the parts of them that are secret on their own. */
async function secretsOf(target: Target): Promise<string[]> {
  const { stack } = target;
  const ssm = new SSMClient(target.clientSettings());
  const webhooks = channelNames.flatMap((name) => stack.output(webhookOutput(name)) ?? []);
  const maps = [stack.output(Output.sourceSecretParameters), ...webhooks] as object[];
  const names = maps.flatMap((map) => Object.values(map).flat().map(String));
  const values = await Promise.all(
    names.map(async (Name) => {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
      return Parameter?.Value ?? "";
    }),
  );
  return values.flatMap((value) => [value, value.replace(/^whsec_|^.*(?=\/services\/)/, "")]);
}
