import { once } from "node:events";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Hono } from "hono";
import type { QueuedMessage } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { queueOutputs } from "../../../flow.ts";
import type { ConsoleContext } from "../../../local/console/context.ts";
import { deadLetters } from "../../../local/console/pages/dead-letters.ts";
import type { LetterQueueView, OpenLetterView } from "../../../local/console/shapes/dead-letters.ts";
import { dropFile } from "../../../local/faults/invalid-leads.ts";
import { type FaultyPipeline, startFaulty } from "../faults/fault-fixtures.ts";
import { firstSnapshot } from "./first-snapshot.ts";

let running: FaultyPipeline;
let app: Hono;

const post = (path: string, body: object) => app.request(path, { method: "POST", body: JSON.stringify(body) });
const snapshot = () => firstSnapshot<readonly LetterQueueView[]>(app, "/live");
const leadsIn = async () => (await snapshot()).find(({ name }) => name === "leads");

const page = suite("dead letters in the console");

page.before(async () => {
  running = await startFaulty();
  app = deadLetters.routes({ environment: "dev", platform: running } as Partial<ConsoleContext> as ConsoleContext);
  app.onError((error, c) => c.json({ error: error.message }, 400));
});
page.after(() => running.stop());

/** Drops a file, and waits for the dead letter of one of its leads. */
async function rejected(key: string, text: string): Promise<QueuedMessage> {
  const arrived = once(running.deadLetters, "arrived");
  await dropFile(running, key, text);
  const [message] = await arrived;
  return message;
}

page("corrects one lead of a file as a lead of its own, and only when it can be read", async () => {
  const { messageId: id } = await rejected("two.json", '[{"email":"ada@acme.example"},{"name":"Ben"}]');
  const [letter] = (await leadsIn())?.letters ?? [];
  assert.equal([letter?.id, letter?.errorClass], [id, "NoContact"]);
  assert.ok(Number(letter?.expiresAt) > Date.now() + 86_400_000);
  const opened = (await (await app.request(`/letter/leads/${id}`)).json()) as OpenLetterView;
  assert.equal([opened.isRaw, JSON.parse(opened.payload)], [true, { name: "Ben" }]);
  const refused = await post("/mend", { queue: "leads", id, payload: '{"name":"Ben again"}' });
  assert.is(refused.status, 400);
  assert.is((await leadsIn())?.count, 1);
  const announced: string[] = [];
  running.leadAudit.on("notified", (notification) => announced.push(notification.leadId));
  const mended = await post("/mend", { queue: "leads", id, payload: '{"email":"ben@acme.example"}' });
  const { leadId } = (await mended.json()) as { leadId: string };
  assert.match(leadId, /^file-[0-9a-f]{32}$/);
  assert.is((await leadsIn())?.count, 0);
  while (!announced.includes(leadId)) await once(running.leadAudit, "notified");
  assert.ok(announced.includes(leadId));
  const twice = await post("/mend", { queue: "leads", id, payload: '{"email":"ben@acme.example"}' });
  assert.equal(await twice.json(), { error: "The dead letter is no longer in its queue." });
});

page("redrives one letter and leaves the others, exports all, and deletes one", async () => {
  await rejected("a.json", '{"name":"Ann"}');
  const { messageId } = await rejected("b.json", '{"name":"Bob"}');
  const again = once(running.deadLetters, "arrived");
  const moved = await (await post("/redrive", { queue: "leads", messageId })).json();
  assert.equal(moved, { moved: 1, stay: 0 });
  await again;
  const letters = (await leadsIn())?.letters ?? [];
  assert.is(letters.length, 2);
  assert.is.not(
    letters.some(({ id }) => id === messageId),
    true,
  );
  assert.is(((await (await app.request("/export/leads")).json()) as unknown[]).length, 2);
  await post("/delete", { queue: "leads", id: letters[0]?.id });
  assert.equal(
    (await leadsIn())?.letters.map(({ id }) => id),
    [letters[1]?.id],
  );
  const twice = await post("/delete", { queue: "leads", id: letters[0]?.id });
  assert.equal([twice.status, ((await twice.json()) as { error: string }).error.slice(0, 11)], [400, "Not deleted"]);
});

page("counts letters that another command holds among those that stay", async () => {
  const sqs = new SQSClient(running.clientSettings());
  const QueueUrl = String(running.stack.output(queueOutputs("leads").deadLettersUrl));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 60 }));
  sqs.destroy();
  assert.equal(await (await post("/redrive", { queue: "leads" })).json(), { moved: 0, stay: 1 });
});

page("shows 150 letters of all queues at most, and how many there are", async () => {
  const [letter] = running.deadLetters.contents();
  const inspectQueue = () => ({ ready: Array(100).fill(letter), delayed: [], inflight: [] });
  const platform = { ...running, inspectQueue };
  const many = deadLetters.routes({ environment: "dev", platform } as Partial<ConsoleContext> as ConsoleContext);
  const queues = await firstSnapshot<readonly LetterQueueView[]>(many, "/live");
  assert.equal(
    queues.slice(0, 3).map(({ count, letters }) => [count, letters.length]),
    [
      [100, 100],
      [100, 50],
      [100, 0],
    ],
  );
});

page.run();
