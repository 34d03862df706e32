import type { Platform } from "../../local/platform.ts";
import { type ApiAnswer, type Authorize, type Call, operator } from "../../packages/local-aws/src/aws/call.ts";
import type { Answered } from "../../packages/local-aws/src/aws/gateway.ts";
import { sqsRequest } from "../../packages/local-aws/src/aws/sqs.ts";
import { testPatience, withPipeline } from "./running-pipeline.ts";

/** What the recording run did. */
export interface Recording {
  /** Every call that somebody had to decide, by functions and by AWS itself. */
  readonly calls: readonly Call[];
  readonly denials: readonly string[];
}

const refusal: ApiAnswer = { status: 400, headers: {}, body: '{"message":"refused for the test"}' };

const fromEventBridge = ({ caller, operation }: Call) =>
  operation === "SendMessage" && caller.kind === "service" && caller.principal === "events.amazonaws.com";

/** Calls that a service refuses, for reasons of its own. */
const faults = {
  event: fromEventBridge,
  email: ({ operation }: Call) => operation === "SendEmail",
};

const queueOf = ({ parameters }: Call) => String(parameters.QueueUrl);

/** Resolves when every dead letter queue has got a message. */
function buried({ deadLetters, stack }: Platform): Promise<void> {
  const names = stack.of("aws_sqs_queue").map(({ values }) => String(values.name));
  const missing = new Set(names.filter((name) => name.endsWith("-dlq")));
  return new Promise((resolve) => {
    deadLetters.on("arrived", (_leadIds, queue) => {
      missing.delete(queue);
      if (missing.size === 0) resolve();
    });
  });
}

const answered = ({ gateway }: Platform, operation: string): Promise<void> =>
  new Promise((resolve) => {
    gateway.on("answered", ({ call }: Answered) => {
      if (call.operation === operation) resolve();
    });
  });

const drop = ({ desk }: Platform, key: string, body: string) =>
  fetch(`${desk.url}/bucket/${key}`, { method: "PUT", body });

/**
 * Runs a stack through everything that its policies are for: leads of all sources, alone and many at once, by Slack and
 * by email; a message that comes twice; dead letters of both stages; an event that cannot be delivered; an alarm; a lead that has to come back.
 */
export async function recordCalls(stackDir: string): Promise<Recording> {
  const calls: Call[] = [];
  const recording = (byPolicies: Authorize) => (call: Call) => {
    calls.push(call);
    return byPolicies(call);
  };
  let fault: keyof typeof faults | undefined;
  const intercept = (call: Call) => {
    if (fault === undefined || !faults[fault](call)) return undefined;
    if (fault === "event") fault = undefined;
    return refusal;
  };
  let denials: readonly string[] = [];
  await withPipeline({ stackDir, authorize: recording, intercept }, async (platform, account) => {
    const { crm, slack, monitoring } = platform;
    const allBuried = buried(platform);
    await crm.sendLeads(4);
    await account.settled(testPatience);
    const known = answered(platform, "GetItem");
    const [notification] = calls.filter((call) => fromEventBridge(call) && /notifications$/.test(queueOf(call)));
    await platform.gateway.call(operator, "sqs", sqsRequest("SendMessage", notification?.parameters));
    await known;

    slack.mode = "down";
    await crm.sendLeads(1);
    await account.settled(testPatience);

    const [source = ""] = Object.keys(platform.stack.output("source_secret_parameters") as object);
    for (let poison = 0; poison < 3; poison++) await crm.sendLead(source, { message: "no way to reach me" });
    await drop(platform, "enriched/dt=2026-01-01/not-a-lead.json", "not JSON");
    await account.settled(testPatience);
    fault = "event";
    await drop(platform, "raw.json", '{"email":"ada@example.com"}');
    await allBuried;
    await monitoring.tick(new Date());

    fault = "email";
    const comesBack = answered(platform, "ChangeMessageVisibilityBatch");
    await crm.sendLeads(1);
    await comesBack;
    denials = platform.denials.lines();
  });
  return { calls, denials };
}
