import { range } from "es-toolkit/math";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Choices } from "../../simulator/choices.ts";
import { Clock } from "../../simulator/clock.ts";
import { Doubts } from "../../simulator/doubts.ts";
import type { ReceivedCall } from "../../simulator/environment.ts";
import { type Fate, type FaultPlan, Faults, fates } from "../../simulator/faults.ts";
import { asRecord, succeeded } from "../../simulator/lambda.ts";
import { UsageMeter } from "../../simulator/load/usage-meter.ts";
import type { Pipeline } from "../../simulator/pipeline.ts";
import { steadyPlan } from "../../simulator/plan.ts";
import { createDynamoDb, type Item } from "../../simulator/services/dynamodb.ts";
import { hubspot, serveContact } from "../../simulator/services/hubspot.ts";
import { createSes, createSlack, type Shown } from "../../simulator/services/messages.ts";
import { Bucket, objectCreated } from "../../simulator/services/s3.ts";
import { createSqs, Queue } from "../../simulator/services/sqs.ts";
import { createSsm } from "../../simulator/services/ssm.ts";
import { arrive } from "../../simulator/simulate.ts";
import { World } from "../../simulator/world.ts";

const nothingWrong: FaultPlan = { until: 0, fates: {}, accidents: 0, skew: 0, outages: [] };
const newWorld = () => new World(1, nothingWrong);
const call = (operation: string, input: object, sentAt = 0): ReceivedCall => ({
  service: "S3",
  stage: "enrich",
  operation,
  input: { ...input },
  sentAt,
});

/** The name of the error that a call ends with, or what it answers. */
function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    const { name, status } = error as { name: string; status?: number };
    return `${name} ${status}`;
  }
}

const clocks = suite("the simulation's clock");

clocks("events happen in the order of their times, and of planning where these are the same", async () => {
  const clock = new Clock(1000);
  const random = new Choices(1);
  const planned = range(300).map((number) => ({ number, at: random.whole(0, 50) }));
  const happened: typeof planned = [];
  for (const event of planned) {
    clock.after(event.at, () => {
      assert.is(clock.now(), 1000 + event.at);
      happened.push(event);
    });
  }
  assert.is(await clock.run(301), true);
  assert.equal(
    happened,
    planned.toSorted((a, b) => a.at - b.at || a.number - b.number),
  );
});

clocks("no event happens that was cancelled or whose owner is dead, and one of the past happens now", async () => {
  const clock = new Clock(0);
  const happened: string[] = [];
  clock.after(5, () => happened.push("of the dead"), { dead: true });
  clock.after(5, () => happened.push("of the living"), { dead: false });
  clock.after(5, () => happened.push("cancelled"))();
  clock.skip(10);
  clock.after(-20, () => happened.push(`late at ${clock.now()}`));
  await clock.run(10);
  assert.equal(happened, ["of the living", "late at 10"]);
});

clocks("stops after the limit, and says whether events are left", async () => {
  const clock = new Clock(0);
  let happened = 0;
  for (const at of [1, 2, 3]) clock.after(at, () => (happened += 1));
  assert.equal([await clock.run(2), happened], [false, 2]);
  assert.equal([await clock.run(2), happened], [true, 3]);
});

clocks("waits for work that is not simulated", async () => {
  const clock = new Clock(0);
  const order: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = clock.hold(promise).then(() => order.push("work"));
  clock.after(1, () => order.push("event"));
  const run = clock.run(2);
  for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
  resolve();
  await Promise.all([held, run]);
  assert.equal(order, ["work", "event"]);
});

clocks.run();

const faults = suite("the simulation's faults");

const faultsAt = (plan: Partial<FaultPlan>) => {
  let now = 0;
  const made = new Faults({ ...nothingWrong, ...plan }, new Choices(1), () => now);
  const at = <T>(time: number, ask: (faults: Faults) => T): T => {
    now = time;
    return ask(made);
  };
  return { made, at };
};

faults("accidents and fates end when their time is over", () => {
  const { at } = faultsAt({ until: 100, accidents: 1, fates: { stalled: 1 } });
  const both = (time: number) => at(time, (one) => [one.accident(), one.fateOf("S3", "enrich")]);
  assert.equal(
    [both(0), both(99), both(100)],
    [
      [true, "stalled"],
      [true, "stalled"],
      [false, "done"],
    ],
  );
});

faults("every fate is as frequent as the plan says", () => {
  const { made } = faultsAt({ until: 1, fates: Object.fromEntries(fates.map((fate) => [fate, 0.05])) });
  const count = new Map<Fate, number>();
  for (let number = 0; number < 4000; number += 1) {
    const fate = made.fateOf("S3", "enrich");
    count.set(fate, (count.get(fate) ?? 0) + 1);
  }
  assert.is(made.calls, 4000);
  for (const fate of fates) assert.ok(Math.abs((count.get(fate) ?? 0) - 200) < 60, `${fate} ${count.get(fate)}`);
  assert.ok(Math.abs((count.get("done") ?? 0) - 2000) < 150);
});

faults("an outage hits its services and callers, each manner for the same part of its time", () => {
  const outage = { services: ["S3", "SQS"], callers: ["enrich"], from: 100, to: 400 } as const;
  const { at } = faultsAt({ outages: [outage] });
  const fatesAt = (...times: readonly number[]) => times.map((time) => at(time, (one) => one.fateOf("SQS", "enrich")));
  assert.equal(fatesAt(99, 100, 199, 200, 299, 300, 399, 400), [
    ...["done", "refused", "refused", "failed", "failed", "silent", "silent", "done"],
  ]);
  assert.equal(
    at(100, (one) => [one.fateOf("SQS", "notify"), one.fateOf("SSM", "enrich")]),
    ["done", "done"],
  );
  const everybody = faultsAt({ outages: [{ services: ["S3"], from: 0, to: 10, manners: ["denied"] }] });
  assert.is(everybody.made.fateOf("S3", "ingest"), "denied");
});

faults("clocks are wrong by all, by a fiftieth or by nothing, either way", () => {
  const { made } = faultsAt({ skew: 1000 });
  const seen = new Set(range(200).map(() => made.skew() + 0));
  assert.equal(
    [...seen].sort((a, b) => a - b),
    [-1000, -20, 0, 20, 1000],
  );
});

faults.run();

const services = suite("the simulation's services");

services("S3 keeps every version, and finds the latest one or the one that is asked for", () => {
  const world = newWorld();
  const bucket = new Bucket(world);
  const created: unknown[] = [];
  bucket.onCreated(({ key, text }) => created.push([key, text]));
  const first = bucket.put("a", "one", { name: "value" });
  bucket.put("a", "twö");
  assert.equal(created, [
    ["a", "one"],
    ["a", "twö"],
  ]);
  const get = (operation: string, input: object) => outcome(() => bucket.serve(call(operation, input)));
  const known = { ContentLength: 3, ETag: `"${first.etag}"`, VersionId: first.versionId, Metadata: { name: "value" } };
  const LastModified = new Date(world.clock.now());
  assert.equal(get("HeadObject", { Key: "a", VersionId: first.versionId }), { ...known, LastModified });
  assert.equal(get("GetObject", { Key: "a", VersionId: first.versionId }), { Body: "one", ...known, LastModified });
  assert.equal((get("GetObject", { Key: "a" }) as { Body: string }).Body, "twö");
  assert.is(get("GetObject", { Key: "b" }), "NoSuchKey 404");
  assert.is(get("GetObject", { Key: "a", VersionId: "x" }), "NoSuchVersion 404");
  assert.is(get("PutObject", { Key: "a", Body: "three", IfNoneMatch: "*" }), "PreconditionFailed 412");
  assert.equal(get("PutObject", { Key: "b", Body: "b", IfNoneMatch: "*" }), {});
  assert.equal(get("PutObject", { Key: "a", Body: "three" }), {});
  assert.equal(
    bucket.versions.map(({ text }) => text),
    ["one", "twö", "b", "three"],
  );
  const { detail } = JSON.parse(objectCreated(bucket.versions[1] ?? first));
  assert.equal([detail.object.size, detail.bucket.name], [4, "leads"]);
});

/** A queue whose messages are hidden for 30 s and received twice at most. */
function newQueue() {
  const world = newWorld();
  const deadLetters = new Queue(world);
  const queue = new Queue(world, { visibilitySeconds: 30, maxReceives: 2, deadLetters });
  const counts = () => [queue.messages.length, deadLetters.messages.length];
  return { world, queue, deadLetters, counts };
}

services("SQS hides what was received, and moves what used up its receives to the dead letters", () => {
  const { world, queue, deadLetters, counts } = newQueue();
  queue.send("body", { name: { StringValue: "value" } }, 10);
  const bodies = (seconds: number) => {
    world.clock.skip(seconds * 1000);
    return queue.receive(10).map(({ body, receives }) => `${body} ${receives}`);
  };
  assert.equal([bodies(0), bodies(9.999), bodies(0.001)], [[], [], ["body 1"]]);
  assert.equal([bodies(29.999), bodies(0.001)], [[], ["body 2"]]);
  assert.equal([bodies(30), counts(), queue.mostReceives], [[], [0, 1], 2]);
  assert.equal(deadLetters.receive(1), []);
  assert.equal(deadLetters.messages[0]?.attributes, { name: { StringValue: "value" } });
  assert.is(deadLetters.takeOut(({ body }) => body === "other").length, 0);
  assert.equal([deadLetters.takeOut(({ body }) => body === "body").length, counts()], [1, [0, 0]]);
});

services("SQS knows the latest handle of a message, and gives no more messages than wanted", () => {
  const { world, queue, counts } = newQueue();
  for (const body of ["a", "b", "c"]) queue.send(body);
  assert.is(queue.receive(2).length, 2);
  const [message] = queue.receive(2);
  assert.ok(message);
  assert.is(queue.hide(message.receipt, 5), true);
  world.clock.skip(5000);
  const [again] = queue.receive(1);
  assert.is(again?.body, message.body);
  assert.equal([queue.delete(message.receipt), queue.hide(message.receipt, 0), counts()], [false, false, [3, 0]]);
  assert.equal([queue.delete(again?.receipt ?? ""), counts()], [true, [2, 0]]);
});

services("SQS tells when messages can be received", async () => {
  const { world, queue } = newQueue();
  const seconds: number[] = [];
  queue.onVisible = () => seconds.push(world.elapsed / 1000);
  queue.send("a", {}, 7);
  await world.clock.run(10);
  queue.receive(1);
  await world.clock.run(10);
  assert.equal(seconds, [7, 37]);
});

services("SQS answers calls as AWS does", () => {
  const { world, queue, deadLetters } = newQueue();
  const serve = createSqs({ queue, "queue-dlq": deadLetters }, world);
  const ask = (operation: string, input: object) =>
    outcome(() => serve(call(operation, { QueueUrl: "queue", ...input })));
  const sent = { MessageBody: "a", MessageAttributes: { x: { StringValue: "1" }, y: { StringValue: "2" } } };
  assert.equal(ask("SendMessage", sent), {
    MessageId: "message-1",
    MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661",
  });
  for (const DelaySeconds of [-1, 1.5, 901]) {
    assert.is(ask("SendMessage", { ...sent, DelaySeconds }), "InvalidParameterValue 400");
  }
  assert.ok((ask("SendMessage", { ...sent, DelaySeconds: 900 }) as object) instanceof Object);
  const { Messages } = ask("ReceiveMessage", { MessageAttributeNames: ["y"] }) as {
    Messages: Record<string, string>[];
  };
  const Attributes = { ApproximateReceiveCount: "1", SentTimestamp: String(world.clock.now()) };
  const [{ ReceiptHandle = "" } = {}] = Messages;
  const MessageAttributes = { y: { StringValue: "2" } };
  assert.equal(Messages, [{ MessageId: "message-1", ReceiptHandle, Body: "a", Attributes, MessageAttributes }]);
  const entries = ["x", ReceiptHandle].map((handle) => ({ Id: handle, ReceiptHandle: handle, VisibilityTimeout: 0 }));
  const [unknown, known] = entries;
  const divided = { Failed: [unknown], Successful: [known] };
  assert.equal(ask("ChangeMessageVisibilityBatch", { Entries: entries }), divided);
  assert.equal(ask("DeleteMessageBatch", { Entries: entries }), divided);
  assert.equal(ask("DeleteMessage", { ReceiptHandle }), { isKnown: false });
  const batch = [{ Id: "1", MessageBody: "b" }];
  assert.equal(ask("SendMessageBatch", { Entries: batch }), { Failed: [], Successful: batch });
  assert.is(ask("PurgeQueue", {}), "InvalidAction 400");
  assert.is(ask("SendMessage", { ...sent, QueueUrl: "other" }), "QueueDoesNotExist 400");
});

services("a webhook of Slack takes three messages at once and then one a second", () => {
  const world = newWorld();
  const shown: Shown[] = [];
  const slack = createSlack(world, (message) => shown.push(message));
  const post = (url: string, text = "hi") =>
    slack(call("PostMessage", { url, body: JSON.stringify({ text }) }, 7)).status;
  assert.equal(
    range(4).map(() => post("a")),
    [200, 200, 200, 429],
  );
  assert.equal([post("b"), post("b", " ")], [200, 400]);
  world.clock.skip(999);
  assert.is(post("a"), 429);
  world.clock.skip(1);
  assert.equal([post("a"), post("a")], [200, 429]);
  world.clock.skip(60_000);
  assert.equal(
    range(4).map(() => post("a")),
    [200, 200, 200, 429],
  );
  assert.equal([shown.length, shown[0]], [8, { sentAt: 7, text: '{"text":"hi"}' }]);
});

services("SES shows an email whose headers are short enough, and suppresses nobody", () => {
  const shown: Shown[] = [];
  const ses = createSes(newWorld(), (message) => shown.push(message));
  const send = (length: number) => {
    const Headers = [{ Value: "x" }, { Value: "x".repeat(length) }];
    const input = { Content: { Simple: { Body: { Text: { Data: "text" } }, Headers } } };
    return outcome(() => ses(call("SendEmail", input, 7)));
  };
  assert.equal([send(870), send(871)], [{ MessageId: "email-1" }, "BadRequestException 400"]);
  assert.equal(shown, [{ sentAt: 7, text: "text", byEmail: true }]);
  assert.is(
    outcome(() => ses(call("GetSuppressedDestination", {}))),
    "NotFoundException 404",
  );
});

services("SSM gives what it is asked for, and throttles what comes too fast", () => {
  const read = (isHigh: boolean) => {
    const ssm = createSsm(
      (name) => `value of ${name}`,
      isHigh,
      () => 0,
    );
    const answers = range(2000).map(() => outcome(() => ssm(call("GetParameters", { Names: ["a"] }))));
    return [answers[0], answers.indexOf("ThrottlingException 400")];
  };
  const first = { Parameters: [{ Name: "a", Value: "value of a" }] };
  assert.equal(
    [read(false), read(true)],
    [
      [first, 40],
      [first, 1000],
    ],
  );
});

services("HubSpot's API gives a contact to who has the token", () => {
  const ask = (path: string, authorization = `Bearer ${hubspot.token}`) => {
    const url = `https://api.hubapi.com/crm/v3/objects/contacts/${path}`;
    return serveContact(call("GetContact", { url, authorization }));
  };
  const { status, body } = ask("7?properties=email");
  const properties = { firstname: "Ada", lastname: "L00007", email: "l00007@acme.example", country: "US" };
  assert.equal([status, JSON.parse(String(body))], [200, { id: "7", properties }]);
  assert.equal([ask("x").status, ask("7", "Bearer other").status], [404, 401]);
});

services("DynamoDB forgets an item whose time is over, and leaves a part of a batch undone", () => {
  const items = new Map<string, Item>();
  let now = 0;
  let asked = 0;
  const isUnprocessed = () => {
    asked += 1;
    return asked === 2;
  };
  const table = { items, key: ["id"], isUnprocessed };
  const dynamo = createDynamoDb(() => now, table);
  const ask = (operation: string, input: object) =>
    outcome(() => dynamo(call(operation, { TableName: "t", ...input })));
  const Item = { id: { S: "a" }, expiresAt: { N: "10" } };
  ask("PutItem", { Item });
  const get = () => (ask("GetItem", { Key: { id: { S: "a" } } }) as { Item?: Item }).Item;
  now = 9999;
  assert.equal(get(), Item);
  now = 10_000;
  assert.is(get(), undefined);
  const requests = ["b", "c", "d"].map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
  const { UnprocessedItems } = ask("BatchWriteItem", { RequestItems: { t: requests } }) as { UnprocessedItems: object };
  assert.equal([UnprocessedItems, items.size], [{ t: [requests[1]] }, 3]);
  assert.is(ask("Scan", {}), "UnknownOperationException 400");
  assert.ok((ask("DeleteItem", { Key: { id: { S: "b" } } }) as object) instanceof Object);
  assert.equal([...items.keys()].length, 2);
});

services("what AWS bills is counted, with what a logger and Lambda add to the lines", () => {
  const meter = new UsageMeter();
  meter.add({ service: "S3", operation: "PutObject", input: {} });
  meter.add({ service: "Slack", operation: "PostMessage", input: {} });
  meter.addCalls("s3:PutObject", 2);
  meter.addInvocation(999.5, 512);
  meter.addLogLine("ü");
  const calls = new Map([["s3:PutObject", 3]]);
  assert.equal(meter.usage(7), { leads: 7, calls, invocations: 1, gbSeconds: 0.5, logBytes: 900 + 330 + 2 });
});

services("a message's record is what Lambda hands over, and what did not fail is deleted", () => {
  const message = {
    id: "m",
    body: "b",
    sentAt: 5,
    receives: 2,
    receipt: "r",
    visibleAt: 0,
    attributes: { a: { StringValue: "v" } },
  };
  assert.equal(asRecord(message), {
    messageId: "m",
    receiptHandle: "r",
    body: "b",
    attributes: { ApproximateReceiveCount: "2", SentTimestamp: "5" },
    messageAttributes: { a: { stringValue: "v", dataType: "String" } },
  });
  const other = { ...message, id: "n" };
  assert.equal(succeeded([message, other], { batchItemFailures: [{ itemIdentifier: "m" }] }), [other]);
  assert.equal(succeeded([message], undefined), []);
});

services("a source sends again after 1 s, 5 s, 30 s, 2 min and 10 min, and then no more", async () => {
  const world = newWorld();
  const [arrival] = steadyPlan(1, 1, 0).arrivals;
  assert.ok(arrival);
  const attempts: number[] = [];
  let accepted = 0;
  const answers = [503, 500, 400, 503, 503, 503];
  const ingest = (_name: string, _request: object, answered: (answer: unknown) => void) => {
    attempts.push(world.elapsed / 1000);
    answered({ statusCode: answers[attempts.length - 1] });
  };
  const pipeline = { unavailable: new Set(), ingest } as Pick<Pipeline, "unavailable" | "ingest"> as Pipeline;
  arrive(arrival, () => (accepted += 1), pipeline, world);
  await world.clock.run(100);
  assert.equal([attempts, accepted, [...pipeline.unavailable]], [[0, 1, 6, 36, 156, 756], 0, ["event-0"]]);
  attempts.length = 0;
  answers[1] = 202;
  arrive(arrival, () => (accepted += 1), pipeline, world);
  await world.clock.run(100);
  assert.equal([attempts.length, accepted], [2, 1]);
});

services.run();

const doubts = suite("what a function cannot know");

const update = (key: string, values: Readonly<Record<string, unknown>>) =>
  call("UpdateItem", { Key: { id: { S: key } }, ExpressionAttributeValues: { ":claimant": { S: "me" }, ...values } });
const claim = update("lead-1", { ":state": { S: "claimed" } });
const settled = update("lead-1", { ":state": { S: "announced" } });

doubts("a post is uncertain unless its fate says for certain what became of it", () => {
  const uncertain = (["done", "denied", ...fates] as const).filter((fate) => {
    const known = new Doubts();
    known.add("one", call("PostMessage", {}, 5), fate, "text");
    known.add("one", call("GetObject", {}), fate, undefined);
    return known.posts.length === 1 && known.posts[0]?.sentAt === 5;
  });
  assert.equal(uncertain, [...["failed", "failedAfterwards", "silent", "unanswered", "late", "stalled", "diesAfter"]]);
});

for (const [what, calls, expected] of [
  [
    "claimed and settled is certain",
    [
      [claim, "done"],
      [settled, "done"],
    ],
    [],
  ],
  ["claimed and never settled is certain", [[claim, "done"]], []],
  [
    "claimed and not settled is doubtful",
    [
      [claim, "done"],
      [settled, "failed"],
    ],
    ["lead-1"],
  ],
  ["settled without a claim is certain", [[settled, "failed"]], []],
  [
    "claimed late is doubtful",
    [
      [claim, "late"],
      [settled, "done"],
    ],
    ["lead-1"],
  ],
  ["claimed without an answer is doubtful", [[claim, "unanswered"]], ["lead-1"]],
  [
    "claimed without an answer and settled is certain",
    [
      [claim, "stalled"],
      [settled, "done"],
    ],
    [],
  ],
  ...(["refused", "throttled", "denied", "diesBefore", "failed", "silent"] as const).map(
    (fate) =>
      [
        `whose claim is ${fate} is certain`,
        [
          [claim, fate],
          [settled, "failed"],
        ],
        [],
      ] as const,
  ),
] as const) {
  doubts(`a lead ${what}`, () => {
    const known = new Doubts();
    for (const [one, fate] of calls) known.add("one", one, fate, undefined);
    assert.equal(known.leads, expected);
  });
}

doubts("the leads that an environment claimed are doubtful after its death", () => {
  const known = new Doubts();
  known.add("one", claim, "done", undefined);
  known.addClaims("other");
  assert.equal(known.leads, []);
  known.addClaims("one");
  assert.equal(known.leads, ["lead-1"]);
});

doubts("the ledger begins with the latest note of routes before the first claim", () => {
  const known = new Doubts();
  const noted = (now: number) =>
    known.add("one", update("ledger#routes", { ":now": { N: String(now) } }), "done", undefined);
  for (const now of [5, 9, 7]) noted(now);
  known.add("one", claim, "done", undefined);
  noted(20);
  assert.is(known.ledgerBegan, 9);
});

doubts.run();
