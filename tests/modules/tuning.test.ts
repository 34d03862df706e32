import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkTuning, functionTuning, TuningError, type WorkerKnobs, workerTuning } from "../../modules/tuning.ts";
import { brokenByFlow, brokenByWorker } from "../helpers/tuning.ts";

/** The knobs that are refused, a name for each broken rule. */
const refused = (knobs: WorkerKnobs) =>
  brokenByWorker(knobs).map(({ path }) => path.replace("test.tuning.worker.", ""));

const defaults = suite("tuning :: defaults");
defaults("break no rule", () => {
  assert.equal(refused({}), []);
});
defaults("deliver at once, three times, and keep dead letters three days longer than messages", () => {
  const { batchSize, batchingWindowSeconds, maxReceiveCount, retentionSeconds, deadLetterRetentionSeconds } =
    workerTuning({});
  assert.equal([batchSize, batchingWindowSeconds, maxReceiveCount], [10, 0, 3]);
  assert.equal([retentionSeconds, deadLetterRetentionSeconds], [86_400, 345_600]);
});
defaults("give way to the caller's value", () => {
  const { timeoutSeconds, visibilityTimeoutSeconds } = workerTuning({
    timeoutSeconds: 7,
    visibilityTimeoutSeconds: 500,
  });
  assert.equal([timeoutSeconds, visibilityTimeoutSeconds], [7, 500]);
});
defaults.run();

const visibility = suite("tuning :: visibility timeout");
visibility("is six times the timeout plus the window", () => {
  assert.is(workerTuning({ timeoutSeconds: 30, batchingWindowSeconds: 5 }).visibilityTimeoutSeconds, 185);
});
visibility("is refused below that when it is set", () => {
  assert.equal(refused({ timeoutSeconds: 30, visibilityTimeoutSeconds: 179 }), ["visibilityTimeoutSeconds"]);
  assert.equal(refused({ timeoutSeconds: 30, visibilityTimeoutSeconds: 180 }), []);
});
visibility("is at most 12 hours", () => {
  const retentionSeconds = 200_000;
  assert.equal(refused({ visibilityTimeoutSeconds: 43_200, retentionSeconds }), []);
  assert.equal(refused({ visibilityTimeoutSeconds: 43_201, retentionSeconds }), ["visibilityTimeoutSeconds"]);
});
visibility.run();

const ranges = suite("tuning :: ranges");
const bounds: readonly [knob: keyof WorkerKnobs, least: number, most: number, others?: WorkerKnobs][] = [
  ["batchSize", 1, 10_000, { batchingWindowSeconds: 1 }],
  ["batchingWindowSeconds", 0, 300],
  ["maximumConcurrency", 2, 1000],
  ["maxReceiveCount", 1, 1000],
  ["deliveryDelaySeconds", 0, 900],
  ["timeoutSeconds", 1, 900],
  ["memoryMb", 128, 10_240],
  ["deadLetterRetentionSeconds", 60, 1_209_600],
];
for (const [knob, least, most, others = {}] of bounds) {
  ranges(`${knob} is a whole number from ${least} to ${most}`, () => {
    const among = (value: number) => refused({ ...others, [knob]: value }).includes(knob);
    assert.equal([least - 1, most + 1, least + 0.5, Number.NaN].map(among), [true, true, true, true]);
    assert.not(among(most));
  });
}
ranges("retentionSeconds is a whole number from 60 to 1209600", () => {
  const knobs = { timeoutSeconds: 1, maxReceiveCount: 1 };
  assert.equal(refused({ ...knobs, retentionSeconds: 60 }), []);
  assert.equal(refused({ ...knobs, retentionSeconds: 59 }), ["retentionSeconds"]);
  assert.ok(refused({ retentionSeconds: 1_209_601 }).includes("retentionSeconds"));
});
ranges("reservedConcurrency is a whole number from 1", () => {
  assert.equal(refused({ reservedConcurrency: 0 }), ["reservedConcurrency"]);
  assert.equal(refused({ reservedConcurrency: 10.5 }), ["reservedConcurrency"]);
});
ranges.run();

const relations = suite("tuning :: relations");
relations("a batch above 10 needs a window of at least 1 s", () => {
  assert.equal(refused({ batchSize: 11 }), ["batchSize"]);
  assert.equal(refused({ batchSize: 11, batchingWindowSeconds: 1 }), []);
  assert.equal(refused({ batchSize: 10 }), []);
});
relations("dead letters are kept longer than messages", () => {
  const retentionSeconds = 345_600;
  assert.equal(refused({ retentionSeconds, deadLetterRetentionSeconds: retentionSeconds }), [
    "deadLetterRetentionSeconds",
  ]);
  assert.equal(refused({ retentionSeconds, deadLetterRetentionSeconds: retentionSeconds + 1 }), []);
});
relations("messages are kept until their last receive is over", () => {
  const knobs = { timeoutSeconds: 900, maxReceiveCount: 16 };
  assert.equal(refused({ ...knobs, retentionSeconds: 86_400 }), ["retentionSeconds"]);
  assert.equal(refused({ ...knobs, retentionSeconds: 86_401 }), []);
});
relations("reserved concurrency is at least the mapping's maximum", () => {
  assert.equal(refused({ reservedConcurrency: 9, maximumConcurrency: 10 }), ["reservedConcurrency"]);
  assert.equal(refused({ reservedConcurrency: 10, maximumConcurrency: 10 }), []);
});
relations("a function behind the HTTP API has at most 30 s, one behind a queue 900", () => {
  const flow = (timeoutSeconds: number) => ({
    http: { ingest: functionTuning({ timeoutSeconds }) },
    workers: { enrich: workerTuning({ timeoutSeconds }) },
    latencyBudgetSeconds: 60,
  });
  checkTuning(flow(30), "test");
  assert.throws(() => checkTuning(flow(31), "test"), /test\.tuning\.ingest\.timeoutSeconds is 31/);
});
relations.run();

const latency = suite("tuning :: latency budget");
latency("covers the windows and delays of all queues", () => {
  const workers = [{ batchingWindowSeconds: 40 }, { batchingWindowSeconds: 30, deliveryDelaySeconds: 5 }];
  assert.equal(brokenByFlow(75, ...workers), []);
  assert.equal(
    brokenByFlow(74, ...workers).map(({ path, value }) => [path, value]),
    [["test.latencyBudgetSeconds", 74]],
  );
});
latency("counts any window as at least 20 s", () => {
  assert.equal(brokenByFlow(20, { batchingWindowSeconds: 1 }), []);
  assert.is(brokenByFlow(19, { batchingWindowSeconds: 1 }).length, 1);
});
latency("refuses the two windows of 300 s that once took ten minutes", () => {
  assert.is(brokenByFlow(60, { batchingWindowSeconds: 300 }, { batchingWindowSeconds: 300 }).length, 1);
});
latency.run();

const message = suite("tuning :: error");
message("names every broken rule with value, bound, reason and link", () => {
  const flow = {
    http: {},
    workers: { enrich: workerTuning({ batchSize: 50, maximumConcurrency: 1 }) },
    latencyBudgetSeconds: 60,
  };
  try {
    checkTuning(flow, "environments.dev");
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TuningError);
    const { code, rules, message: text } = error as TuningError;
    assert.is(code, "BrokenTuning");
    assert.is(rules.length, 2);
    assert.match(text, "environments.dev.tuning.enrich.batchSize is 50: it must be at most 10 while");
    assert.match(text, "environments.dev.tuning.enrich.maximumConcurrency is 1: it must be a whole number from 2");
    for (const { reason, link } of rules) {
      assert.match(text, reason);
      assert.match(text, link);
    }
  }
});
message.run();
