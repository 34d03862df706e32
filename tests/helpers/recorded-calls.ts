import { SendMessageCommand, type SendMessageCommandInput, SQSClient } from "@aws-sdk/client-sqs";
import type { ApiAnswer, Authorize, Call, Intercept } from "local-aws";
import {
  enrichedPrefix,
  Output,
  queueNames,
  queueOutputs,
  stages,
  type WorkerName,
  workerNames,
  workerOf,
} from "../../flow.ts";
import type { Platform } from "../../local/platform.ts";
import { agedListings } from "./aged-listings.ts";
import { inTime } from "./in-time.ts";
import { makeVisible } from "./make-visible.ts";
import { testPatience, withPipeline } from "./running-pipeline.ts";

/** What the recording run did. */
export interface Recording {
  /** Every call that somebody had to decide, by functions and by AWS itself. */
  readonly calls: readonly Call[];
  readonly denials: readonly string[];
}

/** Answers of a service that refuses a call: with an error that nobody knows, which is a fault, and for want of a permission. */
const refusal: ApiAnswer = { status: 400, headers: {}, body: '{"message":"refused for the test"}' };
const noAccess: ApiAnswer = { status: 403, headers: {}, body: "<Error><Code>AccessDenied</Code></Error>" };

const fromEventBridge = ({ caller, operation }: Call) =>
  operation === "SendMessage" && caller.kind === "service" && caller.principal === "events.amazonaws.com";

const readsOf = (stage: WorkerName) => (call: Call) =>
  call.operation === "GetObject" && workerOf(String(call.parameters.Key)) === stage;

/** Calls that a service refuses, for reasons of its own, and its answer. */
const faults = {
  event: [fromEventBridge, refusal],
  raw: [readsOf("enrich"), refusal],
  enriched: [readsOf("notify"), refusal],
  rawWithoutAccess: [readsOf("enrich"), noAccess],
  enrichedWithoutAccess: [readsOf("notify"), noAccess],
} as const;

/** Resolves when the dead letter queue of every stage, and that of undelivered events, has got a message. */
function deadLettered({ deadLetters, stack }: Platform): Promise<void> {
  const outputs = [...queueNames.map((queue) => queueOutputs(queue).deadLettersUrl), Output.undeliveredEventsUrl];
  const missing = new Set(outputs.map((output) => String(stack.output(output)).split("/").at(-1) ?? ""));
  return inTime<void>("a message in every dead letter queue", (resolve) => {
    deadLetters.on("arrived", (_letter, queue) => {
      missing.delete(queue);
      if (missing.size === 0) resolve();
    });
  });
}

/** Sends every worker the event of an object that is not there, as it was before events named versions. */
async function sendMissingObjects({ deadLetters, stack, clientSettings }: Platform): Promise<void> {
  const sqs = new SQSClient(clientSettings());
  let left = workerNames.length;
  const allRejected = inTime<void>("a dead letter of each missing object", (resolve) => {
    deadLetters.on("arrived", ({ messageAttributes }) => {
      if (messageAttributes.errorClass?.StringValue === "ObjectGone") left -= 1;
      if (left === 0) resolve();
    });
  });
  for (const { prefix, queue } of workerNames.map((name) => stages[name])) {
    const detail = { bucket: { name: "leads" }, object: { key: `${prefix}gone.json`, etag: "e1", size: 2 } };
    const QueueUrl = String(stack.output(queueOutputs(queue).url));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ detail }) }));
  }
  await allRejected;
}

const answered = ({ gateway }: Platform, what: string, fits: (call: Call) => boolean): Promise<void> =>
  inTime<void>(what, (resolve) => {
    gateway.on("answered", ({ call }) => {
      if (fits(call)) resolve();
    });
  });

/** Resolves when a worker's queue has answered a call of an operation. */
const queueAnswered = (platform: Platform, worker: WorkerName, operation: string): Promise<void> => {
  const queueUrl = queueUrlOf(platform, worker);
  const fits = (call: Call) => call.operation === operation && call.parameters.QueueUrl === queueUrl;
  return answered(platform, `${operation} on the queue of ${worker}`, fits);
};

/** Sends the events of every schedule, one after the other, so that a function starts once. */
async function runSchedules({ stack, runSchedule }: Platform): Promise<void> {
  const rules = stack.of("aws_cloudwatch_event_rule").filter(({ values }) => values.schedule_expression);
  for (const { values } of rules) await runSchedule(String(values.name));
}

const queueUrlOf = ({ stack }: Platform, worker: WorkerName) =>
  String(stack.output(queueOutputs(stages[worker].queue).url));

const drop = ({ desk }: Platform, key: string, body: string) =>
  fetch(`${desk.url}/bucket/${key}`, { method: "PUT", body });

/**
 * Runs a stack through everything that its policies are for: leads of all sources, alone and many at once, by Slack and
 * by email; a message that is delivered twice; dead letters of both stages; an event that cannot be delivered; objects
 * that are gone; an alarm; every schedule; leads that are received again, and leads that are postponed.
 */
export async function recordCalls(stackDir: string): Promise<Recording> {
  const calls: Call[] = [];
  const recording = (byPolicies: Authorize) => (call: Call) => {
    calls.push(call);
    return byPolicies(call);
  };
  let fault: keyof typeof faults | undefined;
  const intercept: Intercept = (call, proceed) => {
    if (fault === undefined) return agedListings(call, proceed);
    const [isRefused, answer] = faults[fault];
    if (!isRefused(call)) return undefined;
    if (fault === "event") fault = undefined;
    return answer;
  };
  let denials: readonly string[] = [];
  await withPipeline({ stackDir, authorize: recording, intercept }, async (platform, leadAudit) => {
    const { crm, slack, monitoring } = platform;
    const allDeadLettered = deadLettered(platform);
    await crm.sendLeads(4);
    await leadAudit.settled(testPatience);
    const known = answered(platform, "a read of the ledger", ({ operation }) => operation === "GetItem");
    const announced = queueUrlOf(platform, "notify");
    const sent = calls.find((call) => fromEventBridge(call) && call.parameters.QueueUrl === announced);
    const repeat = { ...sent?.parameters } as unknown as SendMessageCommandInput;
    await new SQSClient(platform.clientSettings()).send(new SendMessageCommand(repeat));
    await known;

    slack.mode = "down";
    await crm.sendLeads(1);
    await leadAudit.settled(testPatience);

    const [source = ""] = Object.keys(platform.stack.output(Output.sourceSecretParameters) as object);
    for (let poison = 0; poison < 3; poison++) await crm.sendLead(source, { message: "no way to reach me" });
    await sendMissingObjects(platform);
    await drop(platform, `${enrichedPrefix}dt=2026-01-01/not-a-lead.json`, "not JSON");
    await leadAudit.settled(testPatience);
    fault = "event";
    await drop(platform, "raw.json", '{"email":"ada@example.com"}');
    await allDeadLettered;
    await monitoring.tick(new Date());
    await runSchedules(platform);

    fault = "raw";
    const refused = answered(platform, "a read of enrich", readsOf("enrich"));
    await crm.sendLeads(1);
    await refused;
    fault = undefined;
    const deletedByEnrich = queueAnswered(platform, "enrich", "DeleteMessageBatch");
    const leadsUrl = queueUrlOf(platform, "enrich");
    await makeVisible(platform, [leadsUrl.slice(leadsUrl.lastIndexOf("/") + 1)]);
    await deletedByEnrich;

    fault = "enriched";
    const visibleAgain = queueAnswered(platform, "notify", "ChangeMessageVisibilityBatch");
    await crm.sendLeads(1);
    await visibleAgain;

    for (const [worker, read] of [
      ["enrich", "rawWithoutAccess"],
      ["notify", "enrichedWithoutAccess"],
    ] as const) {
      fault = read;
      const postponed = queueAnswered(platform, worker, "SendMessageBatch");
      await crm.sendLeads(1);
      await postponed;
    }
    denials = platform.denials.lines();
  });
  return { calls, denials };
}
