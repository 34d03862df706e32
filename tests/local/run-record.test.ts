import { EventEmitter } from "node:events";
import { mock } from "node:test";
import { sumBy } from "es-toolkit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { enrichedPrefix } from "../../flow.ts";
import type { ConsoleContext } from "../../local/console/context.ts";
import { flowView, functionsOf } from "../../local/console/pages/flow.ts";
import { comparisonOf, numbersView, numbers as page } from "../../local/console/pages/numbers.ts";
import type { NumbersView } from "../../local/console/shapes/numbers.ts";
import { type Place, places } from "../../local/journal/entry.ts";
import type { Journal } from "../../local/journal/journal.ts";
import type { Platform } from "../../local/platform.ts";
import { RunRecord } from "../../local/run-record.ts";
import { firstSnapshot } from "./console/first-snapshot.ts";

const queueArn = "arn:aws:sqs:eu-central-1:1:leadwire-dev-leads";
const resources: Readonly<Record<string, readonly object[]>> = {
  aws_lambda_function: [
    { function_name: "leadwire-dev-archive-worker", description: "Archives leads." },
    { function_name: "leadwire-dev-enrich", description: "Enriches leads." },
    { function_name: "leadwire-dev-ingest", description: "Takes leads." },
  ],
  aws_sqs_queue: [{ name: "leadwire-dev-leads", arn: queueArn }],
  aws_lambda_event_source_mapping: [
    { event_source_arn: queueArn, function_name: "arn:aws:lambda:eu-central-1:1:function:leadwire-dev-enrich" },
  ],
};

const alarming = ["age", "depth", "faults", "lost", "late", "silence"];

/** A run of fakes, and what is recorded of it. */
function fakeRun() {
  const [api, gateway, logs, journal, slack, enrich] = Array.from({ length: 6 }, () => new EventEmitter());
  const message = { sentTimestamp: Date.now() - 5000 };
  const platform = {
    api,
    gateway,
    logs,
    chats: { slack: Object.assign(slack ?? {}, { messages: [{ at: Date.now() - 60_000 }, { at: Date.now() }] }) },
    functions: new Map([["leadwire-dev-enrich", Object.assign(enrich ?? {}, { running: 2 })]]),
    stack: { of: (type: string) => (resources[type] ?? []).map((values) => ({ values })) },
    inspectQueue: (name: string) =>
      name === "leadwire-dev-leads"
        ? { ready: [message], delayed: [{ sentTimestamp: Date.now() }], inflight: [] }
        : { ready: [message, message], delayed: [], inflight: [] },
    deadLetters: { contents: () => [message, message] },
    monitoring: {
      states: new Map<string, string>([["errors", "OK"], ...alarming.map((name) => [name, "ALARM"] as const)]),
    },
  } as unknown as Platform;
  const record = new RunRecord(platform, journal as unknown as Journal);
  const counts = Object.fromEntries(places.map((place) => [place, 1])) as Record<Place, number>;
  const context = { platform, record, journal: Object.assign(journal ?? {}, { counts }) as unknown as Journal };
  return {
    record,
    view: () => flowView(context, functionsOf(platform)),
    answer: (status: number) => api?.emit("answered", { answer: { status } }),
    call: (service: string, operation: string, parameters: object, status = 200) =>
      gateway?.emit("answered", { call: { service, operation, parameters }, answer: { status } }),
    entry: (kind: string, milliseconds?: number) => journal?.emit("entry", { kind, at: 1000, milliseconds }),
    slack: (status: number) => slack?.emit("answered", status, ""),
    invoked: (status: string, coldStart = false) =>
      enrich?.emit("invoked", { function: "leadwire-dev-enrich", status, coldStart }),
    log: (line: string) => logs?.emit("line", { line }),
  };
}

const ofRecord = suite("the record of a run");

ofRecord("counts answers of the API and of each channel by status", () => {
  const { record, answer, slack, call } = fakeRun();
  for (const status of [202, 202, 401]) answer(status);
  slack(200);
  slack(0);
  call("ses", "SendEmail", {});
  call("ses", "SendEmail", {}, 400);
  assert.equal(record.answers, { api: { 202: 2, 401: 1 }, slack: { 200: 1, 0: 1 }, email: { 200: 1, 400: 1 } });
});

ofRecord("counts stored objects by the worker that gets their events, and only those that were written", () => {
  const { record, call } = fakeRun();
  call("s3", "PutObject", { Key: "crm-1.json" });
  call("s3", "PutObject", { Key: "crm-1.json" }, 412);
  call("s3", "PutObject", { Key: `${enrichedPrefix}dt=2026-11-27/crm-1.json` });
  call("s3", "PutObject", { Key: "outcomes/crm-1.json" });
  assert.equal(record.objects, { enrich: 1, notify: 1 });
});

ofRecord("counts the states that the ledger is told", () => {
  const { record, call } = fakeRun();
  const tell = (values: object, status?: number) =>
    call("dynamodb", "UpdateItem", { ExpressionAttributeValues: values }, status);
  tell({ ":state": { S: "claimed" } });
  tell({ ":next": { N: "0" } });
  tell({ ":state": { S: "sent" } });
  tell({ ":state": { S: "claimed" } }, 400);
  assert.equal(record.ledger, { claimed: 1, sent: 1 });
});

ofRecord("keeps a bounded number of announcements and every one in the percentiles", () => {
  const { record, entry } = fakeRun();
  for (let index = 1; index <= 10_000; index++) entry("announced", index);
  entry("announced");
  entry("announced", 0);
  assert.is(record.announcements.filter(Boolean).length, 600);
  assert.is(record.latency.count, 10_001);
  assert.ok(Math.abs(record.latency.percentile(50) - 5000) <= 10);
});

ofRecord("looks at the queues at most once a second, however many calls there are", () => {
  const { record, call } = fakeRun();
  for (let index = 0; index < 100; index++) call("sqs", "ReceiveMessage", {});
  assert.equal(
    record.moments.map(({ depths }) => depths),
    [[2]],
  );
});

ofRecord("looks at the queues once more when the calls are over", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  try {
    const { record, call } = fakeRun();
    const looks = () => {
      call("sqs", "ReceiveMessage", {});
      return record.moments.length;
    };
    const counts = [looks()];
    mock.timers.tick(999);
    counts.push(looks());
    mock.timers.tick(1);
    counts.push(record.moments.length);
    mock.timers.tick(10_000);
    counts.push(record.moments.length, looks());
    assert.equal(counts, [1, 1, 2, 2, 3]);
  } finally {
    mock.timers.reset();
  }
});

ofRecord("keeps 300 looks, and of more than that every second one", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  try {
    const { record, call } = fakeRun();
    const counts = Array.from({ length: 301 }, () => {
      call("sqs", "ReceiveMessage", {});
      mock.timers.tick(1000);
      return record.moments.length;
    });
    assert.equal([Math.max(...counts), Math.min(...counts.slice(290))], [300, 151]);
  } finally {
    mock.timers.reset();
  }
});

ofRecord("counts the bytes of log lines, and not their characters", () => {
  const { record, log } = fakeRun();
  log("€");
  assert.is(record.usage().logBytes, 3);
});

ofRecord.run();

const flow = suite("the Flow page's snapshot");

flow("has a step for each stage of the stack in a lead's order, named as in the stack", () => {
  const { steps, beside } = fakeRun().view();
  assert.equal(
    steps.map((cards) => cards.map(({ title }) => title)),
    [
      ["requests", "ingest"],
      ["raw leads", "leads", "enrich"],
      ["ledger", "slack", "email"],
    ],
  );
  assert.is(steps[1]?.[2]?.does, "Enriches leads.");
  assert.equal(
    beside.map(({ title }) => title),
    ["dead letters", "alarms", "archive-worker"],
  );
});

flow("shows queues, functions, channels and alarms as they are now", () => {
  const { view, invoked, slack, answer } = fakeRun();
  invoked("success", true);
  invoked("timeout");
  slack(429);
  for (const status of [202, 401, 500]) answer(status);
  slack(0);
  const { leads, steps, beside } = view();
  assert.equal(steps[0]?.[0]?.facts, [
    ["202 accepted", 1, "good"],
    ["401 refused", 1, "warn"],
    ["500 failed", 1, "bad"],
  ]);
  assert.equal(steps[2]?.[1]?.facts, [
    ["no answer", 1, "bad"],
    ["429 refused", 1, "warn"],
    ["messages a second", "0.1"],
  ]);
  const valuesOf = (cards: (typeof steps)[number] = [], title = "") =>
    (cards.find((card) => card.title === title)?.facts ?? []).map(([, value]) => value);
  assert.equal(valuesOf(steps[1], "leads"), [1, 0, "5 s", 1, 2]);
  assert.equal(valuesOf(steps[1], "enrich"), [2, 2, 1, 1]);
  assert.equal(valuesOf(beside, "alarms"), [6, ...alarming.slice(0, 5).map(() => "firing")]);
  assert.equal(
    leads.map(([, value]) => value),
    [5, 1, 1],
  );
});

flow.run();

const numbers = suite("the Numbers page's snapshot");

numbers("gives seconds, and dollars for what was counted", () => {
  const { record, answer, call, entry, log } = fakeRun();
  assert.equal(numbersView(record).costs, []);
  answer(202);
  answer(401);
  entry("accepted");
  entry("announced", 1500);
  call("s3", "PutObject", { Key: "crm-1.json" });
  log(JSON.stringify({ type: "platform.report", record: { metrics: { billedDurationMs: 1000, memorySizeMB: 1024 } } }));
  const { figures, costs } = numbersView(record);
  assert.is(figures?.p50, 1.5);
  assert.ok(Math.abs(Number(Object.fromEntries(costs).S3) - 5 / 1e6) < 1e-12);
  assert.ok(Math.abs(Number(Object.fromEntries(costs).Lambda) - (13.3334 + 0.2) / 1e6) < 1e-12);
  const sum = sumBy(costs, ([, dollars]) => dollars);
  assert.ok(Math.abs(Number(figures?.dollars) - 1000 * sum) < 1e-9, "dollars are for 1,000 accepted leads");
});

numbers("gives all browsers the same snapshot for two seconds", async () => {
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  try {
    const { record, entry } = fakeRun();
    const routes = page.routes({ record } as unknown as ConsoleContext);
    const announced = async () => (await firstSnapshot<NumbersView>(routes, "/live")).announcements.length;
    const counts = [await announced()];
    entry("announced", 1500);
    mock.timers.tick(1999);
    counts.push(await announced());
    mock.timers.tick(1);
    counts.push(await announced());
    assert.equal(counts, [0, 0, 1]);
  } finally {
    mock.timers.reset();
  }
});

numbers("compares a burst of the leads that have come, of 10 to 1,000, with windows of five minutes", () => {
  const settings = "enrich.batchingWindowSeconds=300,notify.batchingWindowSeconds=300";
  for (const [accepted, leads] of [
    [undefined, 10],
    [9, 10],
    [11, 11],
    [999, 999],
    [5000, 1000],
  ] as const) {
    const args = ["simulate", "demo", "--burst", String(leads), "--set", settings, "--json"];
    assert.equal(comparisonOf("demo", accepted), { leads, args });
  }
});

numbers("stays below 50 KB after 10,000 leads", () => {
  const { record, entry } = fakeRun();
  for (let index = 0; index < 10_000; index++) entry("announced", 12_345);
  for (let index = 0; index < 300; index++) {
    record.moments.push({ at: Date.now(), accepted: 10_000, announced: 10_000, depths: [10_000, 10_000, 10_000] });
  }
  assert.ok(JSON.stringify(numbersView(record)).length < 50_000);
});

numbers.run();
