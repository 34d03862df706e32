import { S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { dropFile } from "../../local/faults/invalid-leads.ts";
import { listDeadLetters } from "../../ops/commands/dead-letters-list.ts";
import { redriveDeadLetters } from "../../ops/commands/dead-letters-redrive.ts";
import { replay } from "../../ops/commands/replay.ts";
import { type Pipeline, pipelineOf } from "../../ops/outputs.ts";
import { failureOf } from "../helpers/failure.ts";
import { testPatience } from "../helpers/running-pipeline.ts";
import { type FaultyPipeline, logLine, startFaulty } from "../local/faults/fault-fixtures.ts";
import { run, type TestPorts } from "./ops-fixtures.ts";

let running: FaultyPipeline;
let pipeline: Pipeline;
let sqs: SQSClient;
let ports: TestPorts;

const list = (json = false) => run(listDeadLetters, { outputs: () => pipeline, queue: "leads", json }, ports);
const redrive = (changes: Partial<Parameters<typeof redriveDeadLetters.run>[0]> = {}) =>
  run(
    redriveDeadLetters,
    { outputs: () => pipeline, queue: "leads", class: undefined, dryRun: false, ...changes },
    ports,
  );
const replayed = (key: string) => run(replay, { outputs: () => pipeline, key, version: undefined }, ports);

const attribute = (value: string) => ({ DataType: "String", StringValue: value });
const deadLetter = (QueueUrl: string, body: unknown, attributes: Record<string, string> = {}) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: JSON.stringify(body),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, attribute(value)]),
      ),
    }),
  );
const eventOf = (key: string, etag: string) => ({
  detail: { bucket: { name: "any" }, object: { key, etag, size: 10 } },
});
/** Drops a file, and returns its event. */
async function dropped(key: string) {
  const etag = await dropFile(running, key, '{"email":"ada@example.com"}');
  return eventOf(key, etag.replaceAll('"', ""));
}
/** The event of an enriched lead's file. */
let event: ReturnType<typeof eventOf>;
const rejection = { errorClass: "NoContact", reason: "The lead has neither email nor phone.", correlationId: "crm-1" };
const count = async (queue: string) => (await running.inspectQueue(queue)).ready.length;

const letters = suite("dead letters");

letters.before(async () => {
  running = await startFaulty();
  pipeline = pipelineOf((name) => running.stack.output(name), "the stack");
  sqs = new SQSClient(running.clientSettings());
  const s3 = new S3Client(running.clientSettings());
  ports = { sqs: () => sqs, s3: () => s3 };
  const enriched = logLine(running, ({ message }) => message === "lead enriched");
  event = await dropped("Jane Roe.json");
  await enriched;
});
letters.after(() => running.stop());

letters("list shows class, reason and lead of each, never a key or a body, and deletes nothing", async () => {
  const empty = await list();
  assert.is(empty.printed, "No dead letters.");
  await deadLetter(pipeline.queues.leads.deadLettersUrl, event);
  await deadLetter(pipeline.queues.leads.deadLettersUrl, event, rejection);
  const { printed } = await list();
  assert.match(printed, /^LEAD +AGE +RECEIVES +CLASS +REASON/);
  assert.match(printed, /crm-1 +0 min +1 +NoContact +The lead has neither/);
  assert.match(printed, /file-[0-9a-f]{32} +0 min +1 +ReceivesUsedUp +It used up its receives/);
  assert.not.match(printed, "Jane");
  const { printed: json } = await list(true);
  assert.is((JSON.parse(json) as unknown[]).length, 2);
  assert.not.match(json, "Jane");
});

letters("redrive --dry-run counts and moves nothing", async () => {
  const { printed, code } = await redrive({ dryRun: true });
  assert.equal([printed, code], ["would move 1 ReceivesUsedUp, 1 NoContact; 0 left", 0]);
  assert.is(await count("leadwire-dev-leads-dlq"), 2);
});

letters("redrive --class moves that class only, and the function works on it again", async () => {
  const enriched = logLine(running, ({ status }) => status === "duplicate");
  const { printed } = await redrive({ class: "ReceivesUsedUp" });
  assert.is(printed, "moved 1 ReceivesUsedUp; 1 left");
  assert.is(await count("leadwire-dev-leads-dlq"), 1);
  assert.is((await enriched).service, "enrich");
});

letters("what cannot be moved stays, and the exit code is 1", async () => {
  const { leads } = pipeline.queues;
  const queues = { ...pipeline.queues, leads: { ...leads, url: `${leads.url}-gone` } };
  const { printed, code } = await redrive({ outputs: () => ({ ...pipeline, queues }) });
  assert.equal([printed, code], ["moved nothing; 0 left; 1 could not be moved and stay: run it again", 1]);
  assert.is(await count("leadwire-dev-leads-dlq"), 1);
});

letters("letters of one event go back as one message: each bad lead of a file has one", async () => {
  const file = eventOf("five-rows.json", "e5");
  for (let row = 0; row < 5; row++) await deadLetter(pipeline.queues.leads.deadLettersUrl, file, rejection);
  const before = running.gateway.counts.get("sqs:SendMessage") ?? 0;
  const { printed } = await redrive({ class: "NoContact" });
  assert.match(printed, /^moved 6 NoContact; 0 left/);
  assert.is((running.gateway.counts.get("sqs:SendMessage") ?? 0) - before, 2);
});

letters("an event that EventBridge could not deliver goes to the queue that it was meant for", async () => {
  const arn = `arn:aws:sqs:us-east-1:111122223333:${pipeline.queues.leads.url.split("/").at(-1)}`;
  await deadLetter(pipeline.undeliveredEventsUrl, await dropped("undelivered.json"), {
    ERROR_CODE: "NO_PERMISSIONS",
    TARGET_ARN: arn,
  });
  await deadLetter(pipeline.undeliveredEventsUrl, eventOf("other.json", "e"), {
    ERROR_CODE: "X",
    TARGET_ARN: "arn:other",
  });
  const { printed } = await redrive({ queue: "events" });
  assert.is(printed, "moved 1 NO_PERMISSIONS; 1 left");
});

letters("replay of an announced lead announces nothing again", async () => {
  const delivery = await running.crm.sendLead("crm", { email: "grace@example.com" });
  await running.leadAudit.settled(testPatience);
  const [id = ""] = delivery.leadIds;
  const enriched = logLine(running, ({ correlationId, status }) => correlationId === id && status === "duplicate");
  const { printed } = await replayed(`${id}.json`);
  assert.is(printed, `sent to ${pipeline.queues.leads.url}`);
  await enriched;
  const before = logLine(
    running,
    ({ correlationId, message }) => correlationId === id && message === "lead announced before",
  );
  const day = new Date().toISOString().slice(0, 10);
  const again = await replayed(`enriched/dt=${day}/${id}.json`);
  assert.is(again.printed, `sent to ${pipeline.queues.notifications.url}`);
  await before;
});

letters("replay refuses keys that no lead has, and objects that are not there", async () => {
  assert.match((await failureOf(replayed("other/x.json"))).message, "copy the object to the root");
  assert.match((await failureOf(replayed("gone.json"))).message, "has no such object");
});

letters.run();
