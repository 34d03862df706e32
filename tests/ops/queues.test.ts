import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { queueNames, queueOutputs } from "../../flow.ts";
import { enrichedKey, rawKey, rawObjectLeadId, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { listDeadLetters } from "../../ops/commands/dead-letters-list.ts";
import { redriveDeadLetters } from "../../ops/commands/dead-letters-redrive.ts";
import { hold } from "../../ops/dead-letters.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { failureOf } from "../helpers/failure.ts";
import { FakeSqs } from "./fake-sqs.ts";
import { run, type TestPorts } from "./ops-fixtures.ts";

const urlOf = (name: string) => `https://sqs.local/1/${name.replace(/_url$/, "")}`;
const pipeline = pipelineOf(urlOf, "the test");
const { url: work, deadLettersUrl: dead } = pipeline.queues.leads;
const minute = 60_000;
const day = 1440 * minute;

type Redrive = Parameters<typeof redriveDeadLetters.run>[0];

const list = (sqs: FakeSqs, json = false, ports: TestPorts = {}) =>
  run(
    listDeadLetters,
    { outputs: () => pipeline, queue: "leads", json },
    { sqs: sqs.client, now: () => new Date(sqs.now), ...ports },
  );
const redrive = (sqs: FakeSqs, changes: Partial<Redrive> = {}, ports: TestPorts = {}) =>
  run(
    redriveDeadLetters,
    { outputs: () => pipeline, queue: "leads", class: undefined, dryRun: false, ...changes },
    { sqs: sqs.client, ...ports },
  );

/** Ports of a command that is interrupted when a command for AWS is sent for the nth time. */
function interruptedAt(sqs: FakeSqs, Command: new (input: never) => object, nth: number): TestPorts {
  const controller = new AbortController();
  let count = 0;
  sqs.fault = (command) => {
    if (command instanceof Command) count += 1;
    if (count === nth) controller.abort(new Error("Interrupted."));
    return undefined;
  };
  return { interruption: () => controller.signal };
}

/** A queue of dead letters that used up their receives, each with a body of its own. */
function withLetters(count: number): FakeSqs {
  const sqs = new FakeSqs();
  for (let index = 0; index < count; index++) sqs.add(dead, `m${index}`);
  return sqs;
}

const listing = suite("ops dead-letters list");

listing("finds every message of a queue, however many calls it takes, and leaves all visible", async () => {
  const sqs = withLetters(25);
  assert.is(JSON.parse((await list(sqs, true)).printed).length, 25);
  assert.is(sqs.visible(dead).length, 25);
});

listing("shows the oldest first", async () => {
  const sqs = new FakeSqs();
  for (const [id, age] of [
    ["b", 2],
    ["c", 1],
    ["a", 3],
  ] as const) {
    sqs.add(dead, id, { sentAt: sqs.now - age * minute });
  }
  const letters = JSON.parse((await list(sqs, true)).printed) as { messageId: string }[];
  assert.equal(
    letters.map(({ messageId }) => messageId),
    ["a", "b", "c"],
  );
});

listing("--json has these fields, and neither body nor receipt handle", async () => {
  const sqs = new FakeSqs();
  const rejection = { errorClass: "NoContact", reason: "It has no contact.", correlationId: "crm-1" };
  sqs.add(dead, "m1", rejection);
  assert.equal(JSON.parse((await list(sqs, true)).printed), [
    {
      messageId: "m1",
      leadId: "crm-1",
      receiveCount: 1,
      sentAt: "2026-01-10T00:00:00.000Z",
      errorClass: "NoContact",
      reason: "It has no contact.",
    },
  ]);
});

for (const [age, shown] of [
  [-minute, "0 min"],
  [59 * minute, "59 min"],
  [60 * minute, "1 h"],
  [47.9 * 60 * minute, "47 h"],
  [2 * day, "2 d"],
  [3.9 * day, "3 d"],
] as const) {
  listing(`an age of ${age / minute} minutes is shown as ${shown}`, async () => {
    const sqs = new FakeSqs();
    sqs.add(dead, "m1", { sentAt: sqs.now - age });
    assert.match((await list(sqs)).printed, new RegExp(` ${shown} +1 +ReceivesUsedUp`));
  });
}

listing("the class of an undelivered event is EventBridge's error code", async () => {
  const sqs = new FakeSqs();
  sqs.add(dead, "m1", { ERROR_CODE: "NO_PERMISSIONS", errorClass: "Other", TARGET_ARN: "arn" });
  assert.match((await list(sqs)).printed, /NO_PERMISSIONS +EventBridge could not deliver it/);
});

listing("the lead of a message without attributes is that of its object; any other body has none", async () => {
  const sqs = new FakeSqs();
  const id = webhookLeadId("website", "event", 0);
  const object = (key: string) => JSON.stringify({ detail: { bucket: { name: "b" }, object: { key, etag: "e" } } });
  const bodies = [object("any.json"), object(rawKey(id)), object(enrichedKey(id, new Date(0))), "not JSON", "{}", "7"];
  for (const [index, body] of bodies.entries()) sqs.add(dead, `m${index}`, { body });
  const letters = JSON.parse((await list(sqs, true)).printed) as { leadId?: string }[];
  assert.equal(
    letters.map(({ leadId }) => leadId),
    [rawObjectLeadId("any.json", "e"), id, id, undefined, undefined, undefined],
  );
});

listing("says how many messages an interrupted command holds, until they are visible again", async () => {
  const sqs = withLetters(2);
  await hold(sqs.client(), dead);
  sqs.add(dead, "m9");
  assert.match(
    (await list(sqs)).printed,
    "\n2 more are held by another or an interrupted command, for up to 10 minutes.",
  );
  sqs.now += 10 * minute;
  const { printed } = await list(sqs);
  assert.is(printed.includes("more are held"), false);
  assert.is(printed.split("\n").length, 4);
});

listing("says that a single message is held", async () => {
  const sqs = withLetters(1);
  await hold(sqs.client(), dead);
  assert.match((await list(sqs)).printed, "\n1 more are held by");
});

listing("--json holds nothing but JSON if another command holds messages, which is said beside it", async () => {
  const sqs = withLetters(1);
  await hold(sqs.client(), dead);
  const { printed, warned } = await list(sqs, true);
  assert.is(printed, "[]");
  assert.match(warned, /^1 more are held by/);
});

listing("that is interrupted makes every message visible again", async () => {
  const sqs = withLetters(25);
  const { message } = await failureOf(list(sqs, false, interruptedAt(sqs, ReceiveMessageCommand, 2)));
  assert.is(message, "Interrupted.");
  assert.is(sqs.visible(dead).length, 25);
});

listing("a receive that fails makes every message visible again that was received before", async () => {
  const sqs = withLetters(12);
  let receives = 0;
  sqs.fault = (command) => {
    if (command instanceof ReceiveMessageCommand) receives += 1;
    return command instanceof ReceiveMessageCommand && receives === 2 ? new Error("AWS is not available.") : undefined;
  };
  assert.is((await failureOf(list(sqs))).message, "AWS is not available.");
  assert.is(sqs.visible(dead).length, 12);
});

listing.run();

const moving = suite("ops dead-letters redrive");

moving("moves every message, however many calls it takes", async () => {
  const sqs = withLetters(25);
  const { printed, code } = await redrive(sqs);
  assert.equal([printed, code], ["moved 25 ReceivesUsedUp; 0 left", 0]);
  assert.equal([sqs.bodies(dead), sqs.bodies(work).length], [[], 25]);
});

moving("nobody else receives a message while it is moved, however long that takes", async () => {
  const sqs = withLetters(3);
  const seen: string[][] = [];
  sqs.sent = () => {
    sqs.now += 3 * minute;
    seen.push(sqs.visible(dead));
  };
  await redrive(sqs);
  assert.equal(seen, [[], [], []]);
});

for (const queue of queueNames) {
  moving(`dead letters of ${queue} go back to ${queue}, with their bodies`, async () => {
    const sqs = new FakeSqs();
    sqs.add(pipeline.queues[queue].deadLettersUrl, "m1", { body: '{"a":1}' });
    await redrive(sqs, { queue });
    assert.equal(sqs.bodies(pipeline.queues[queue].url), ['{"a":1}']);
  });

  moving(`an undelivered event goes to the queue that its target's ARN names, such as ${queue}`, async () => {
    const sqs = new FakeSqs();
    const name = pipeline.queues[queue].url.split("/").at(-1);
    sqs.add(pipeline.undeliveredEventsUrl, "m1", { ERROR_CODE: "X", TARGET_ARN: `arn:aws:sqs:us-east-1:1:${name}` });
    sqs.add(pipeline.undeliveredEventsUrl, "m2", { ERROR_CODE: "X", TARGET_ARN: "arn:aws:sqs:us-east-1:1:other" });
    assert.is((await redrive(sqs, { queue: "events" })).printed, "moved 1 X; 1 left");
    assert.equal(sqs.bodies(pipeline.queues[queue].url), ['{"id":"m1"}']);
    assert.equal(sqs.visible(pipeline.undeliveredEventsUrl), ["m2"]);
  });
}

moving("dead letters and undelivered events of a consumer's queue go back to it", async () => {
  const names = Object.values(queueOutputs("archive-leads"));
  const withArchive = pipelineOf(urlOf, "the test", names);
  const { url = "", deadLettersUrl = "" } = withArchive.queues["archive-leads"] ?? {};
  const sqs = new FakeSqs();
  sqs.add(deadLettersUrl, "m1");
  sqs.add(pipeline.undeliveredEventsUrl, "m2", {
    ERROR_CODE: "X",
    TARGET_ARN: `arn:aws:sqs:us-east-1:1:${url.slice(20)}`,
  });
  for (const queue of ["archive-leads", "events"]) await redrive(sqs, { outputs: () => withArchive, queue });
  assert.equal(sqs.bodies(url), ['{"id":"m1"}', '{"id":"m2"}']);
});

moving("an event that could not be delivered to two queues goes back to both", async () => {
  const sqs = new FakeSqs();
  const { leads, notifications } = pipeline.queues;
  for (const [id, { url }] of Object.entries({ m1: leads, m2: notifications })) {
    const TARGET_ARN = `arn:aws:sqs:us-east-1:1:${url.split("/").at(-1)}`;
    sqs.add(pipeline.undeliveredEventsUrl, id, { body: "{}", ERROR_CODE: "X", TARGET_ARN });
  }
  assert.is((await redrive(sqs, { queue: "events" })).printed, "moved 2 X; 0 left");
  assert.equal([sqs.bodies(leads.url), sqs.bodies(notifications.url)], [["{}"], ["{}"]]);
});

moving("--class moves that class alone, and the others are visible at once", async () => {
  const sqs = withLetters(1);
  sqs.add(dead, "bad", { errorClass: "NoContact" });
  assert.is((await redrive(sqs, { class: "NoContact" })).printed, "moved 1 NoContact; 1 left");
  assert.equal(sqs.visible(dead), ["m0"]);
});

moving("--dry-run counts by class, sends nothing, and leaves all visible", async () => {
  const sqs = withLetters(2);
  sqs.add(dead, "bad", { errorClass: "NoContact" });
  assert.is((await redrive(sqs, { dryRun: true })).printed, "would move 2 ReceivesUsedUp, 1 NoContact; 0 left");
  assert.equal([sqs.bodies(work), sqs.visible(dead).length], [[], 3]);
});

moving("dead letters with the same body go back as one message, and all are deleted", async () => {
  const sqs = new FakeSqs();
  for (const id of ["a", "b"]) sqs.add(dead, id, { body: "the file's event" });
  sqs.add(dead, "c");
  assert.is((await redrive(sqs)).printed, "moved 3 ReceivesUsedUp; 0 left");
  assert.equal([sqs.bodies(work), sqs.bodies(dead)], [["the file's event", '{"id":"c"}'], []]);
});

moving("a message that cannot be sent stays, is visible at once, and the exit code is 1", async () => {
  const sqs = withLetters(12);
  sqs.fault = (command) =>
    command instanceof SendMessageCommand && command.input.MessageBody === '{"id":"m11"}'
      ? new Error("AWS is not available.")
      : undefined;
  const { printed, code } = await redrive(sqs);
  const expected = "moved 11 ReceivesUsedUp; 0 left; 1 could not be moved and stay: run it again";
  assert.equal([printed, code, sqs.visible(dead)], [expected, 1, ["m11"]]);
});

moving(
  "a message is deleted only after it was sent: an interruption leaves one too many, never one too few",
  async () => {
    const sqs = withLetters(1);
    sqs.fault = (command) => (command instanceof DeleteMessageCommand ? new Error("interrupted") : undefined);
    assert.is((await redrive(sqs)).code, 1);
    assert.equal([sqs.bodies(work).length, sqs.bodies(dead).length], [1, 1]);
  },
);

for (const dryRun of [false, true]) {
  const when = dryRun ? " in a dry run" : "";
  moving(`says how many messages another command holds${when}, and the exit code is 1`, async () => {
    const sqs = withLetters(24);
    await hold(sqs.client(), dead);
    const { printed, code } = await redrive(sqs, { dryRun });
    const sentence = "24 more are held by another or an interrupted command, for up to 10 minutes.";
    assert.equal([printed, code], [`${dryRun ? "would move" : "moved"} nothing; 0 left\n${sentence}`, 1]);
    sqs.now += 10 * minute;
    assert.match((await redrive(sqs, { dryRun })).printed, /24 ReceivesUsedUp; 0 left$/);
  });
}

moving("that is interrupted while it receives makes every message visible again and moves none", async () => {
  const sqs = withLetters(25);
  await failureOf(redrive(sqs, {}, interruptedAt(sqs, ReceiveMessageCommand, 2)));
  assert.equal([sqs.visible(dead).length, sqs.bodies(work)], [25, []]);
});

moving("that is interrupted while it moves makes the rest visible again, and the exit code is 1", async () => {
  const sqs = withLetters(25);
  const { printed, code } = await redrive(sqs, {}, interruptedAt(sqs, SendMessageCommand, 11));
  const expected = "moved 20 ReceivesUsedUp; 0 left; 5 could not be moved and stay: run it again";
  assert.equal([printed, code], [expected, 1]);
  assert.equal([sqs.visible(dead).length, sqs.bodies(work).length], [5, 20]);
});

moving("an empty queue is no failure", async () => {
  const { printed, code } = await redrive(new FakeSqs());
  assert.equal([printed, code], ["moved nothing; 0 left", 0]);
});

moving.run();
