import { suite } from "uvu";
import * as assert from "uvu/assert";
import { InvalidEnvironmentsError } from "../../environments/check.ts";
import {
  functionKnobs,
  functionTuning,
  type Knob,
  type WorkerKnobs,
  workerKnobs,
  workerTuning,
} from "../../modules/tuning/knobs.ts";
import {
  allowedRange,
  httpFunctionViolations,
  latencyViolations,
  workerViolations,
} from "../../modules/tuning/rules.ts";

const violations = (knobs: WorkerKnobs) => workerViolations(workerTuning(knobs), "worker");

/** The knobs that are refused, a name for each violation. */
const refused = (knobs: WorkerKnobs) => violations(knobs).map(({ path }) => path.replace("worker.", ""));

const defaults = suite("tuning :: defaults");
defaults("break no rule", () => {
  assert.equal(refused({}), []);
  assert.equal(httpFunctionViolations(functionTuning({}), "ingest"), []);
});
defaults("of a function are 10 s and 512 MB, without reserved concurrency", () => {
  assert.equal(functionTuning({}), { timeoutSeconds: 10, memoryMb: 512 });
});
defaults("of a worker deliver at once and three times, and keep dead letters three days longer than messages", () => {
  assert.equal(workerTuning({}), {
    timeoutSeconds: 10,
    memoryMb: 512,
    batchSize: 10,
    batchingWindowSeconds: 0,
    maximumConcurrency: 10,
    maxReceiveCount: 3,
    deliveryDelaySeconds: 0,
    visibilityTimeoutSeconds: 60,
    retentionSeconds: 86_400,
    deadLetterRetentionSeconds: 345_600,
  });
});
defaults("give way to the caller's value, for every knob", () => {
  const own = Object.fromEntries(Object.keys(workerKnobs).map((name, index) => [name, 1000 + index]));
  assert.equal(workerTuning(own), own);
  const { timeoutSeconds, memoryMb, reservedConcurrency } = own as WorkerKnobs;
  const ofFunction = { timeoutSeconds, memoryMb, reservedConcurrency } as WorkerKnobs;
  assert.equal(functionTuning(ofFunction), ofFunction);
});
defaults.run();

const visibility = suite("tuning :: visibility timeout");
visibility("is six times the timeout plus the window", () => {
  assert.is(workerTuning({ timeoutSeconds: 30, batchingWindowSeconds: 5 }).visibilityTimeoutSeconds, 185);
});
visibility("is refused below that when it is set", () => {
  const window = { timeoutSeconds: 30, batchingWindowSeconds: 5 };
  assert.equal(refused({ ...window, visibilityTimeoutSeconds: 184 }), ["visibilityTimeoutSeconds"]);
  assert.equal(refused({ ...window, visibilityTimeoutSeconds: 185 }), []);
});
visibility.run();

const ranges = suite("tuning :: ranges");
const expected: Readonly<Record<keyof WorkerKnobs, readonly [minimum: number, maximum: number]>> = {
  timeoutSeconds: [1, 900],
  memoryMb: [128, 10_240],
  reservedConcurrency: [1, Number.POSITIVE_INFINITY],
  batchSize: [1, 10_000],
  batchingWindowSeconds: [0, 300],
  maximumConcurrency: [2, 1000],
  maxReceiveCount: [1, 1000],
  deliveryDelaySeconds: [0, 900],
  visibilityTimeoutSeconds: [0, 43_200],
  retentionSeconds: [60, 1_209_600],
  deadLetterRetentionSeconds: [60, 1_209_600],
};
for (const [knob, [minimum, maximum]] of Object.entries(expected)) {
  /** The violations of the knob's range alone, for tuning in which only this knob differs from the defaults. */
  const outOfRange = (value: number | undefined) => {
    const { bound } = { bound: allowedRange(workerKnobs[knob as keyof WorkerKnobs]) };
    const tuning = { ...workerTuning({}), [knob]: value };
    return workerViolations(tuning, "worker").some((rule) => rule.path === `worker.${knob}` && rule.bound === bound);
  };
  ranges(`${knob} is a whole number from ${minimum} to ${maximum}`, () => {
    assert.equal([minimum, Math.min(maximum, 1_000_000_000)].map(outOfRange), [false, false]);
    assert.equal([minimum - 1, minimum + 0.5, Number.NaN].map(outOfRange), [true, true, true]);
    if (Number.isFinite(maximum)) assert.ok(outOfRange(maximum + 1));
  });
  ranges(`${knob} ${knob === "reservedConcurrency" ? "may" : "must not"} be unset`, () => {
    assert.is(outOfRange(undefined), knob !== "reservedConcurrency");
  });
}
ranges("of a function are checked behind an HTTP API too", () => {
  const tuning = { timeoutSeconds: 0, memoryMb: 127, reservedConcurrency: 0 };
  assert.equal(
    httpFunctionViolations(tuning, "ingest").map(({ path }) => path),
    Object.keys(functionKnobs).map((name) => `ingest.${name}`),
  );
});
ranges("are said with their unit", () => {
  const knob = { unit: "s", minimum: 1, meaning: "", changeWhen: "", link: "mapping" } satisfies Knob;
  assert.is(allowedRange({ ...knob, maximum: 900 }), "a whole number from 1 to 900 seconds");
  assert.is(allowedRange({ ...knob, unit: "invocations" }), "a whole number of invocations from 1");
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
relations("messages are kept until their last receive is over, the longest delay included", () => {
  const knobs = { timeoutSeconds: 900, maxReceiveCount: 16 };
  for (const deliveryDelaySeconds of [0, 900]) {
    assert.equal(refused({ ...knobs, deliveryDelaySeconds, retentionSeconds: 87_300 }), ["retentionSeconds"]);
    assert.equal(refused({ ...knobs, deliveryDelaySeconds, retentionSeconds: 87_301 }), []);
  }
  const visibilityTimeoutSeconds = 60;
  assert.equal(refused({ visibilityTimeoutSeconds, retentionSeconds: 1080 }), ["retentionSeconds"]);
  assert.equal(refused({ visibilityTimeoutSeconds, retentionSeconds: 1081 }), []);
});
relations("reserved concurrency is at least the mapping's maximum", () => {
  assert.equal(refused({ reservedConcurrency: 9, maximumConcurrency: 10 }), ["reservedConcurrency"]);
  assert.equal(refused({ reservedConcurrency: 10, maximumConcurrency: 10 }), []);
});
relations("a function behind an HTTP API has at most 30 s, one behind a queue 900", () => {
  const ofHttp = (timeoutSeconds: number) =>
    httpFunctionViolations(functionTuning({ timeoutSeconds }), "ingest").map(({ path }) => path);
  assert.equal(ofHttp(30), []);
  assert.equal(ofHttp(31), ["ingest.timeoutSeconds"]);
  assert.equal(refused({ timeoutSeconds: 900 }), []);
});
relations.run();

const latency = suite("tuning :: latency budget");
const latencyOf = (budget: number, ...workers: WorkerKnobs[]) =>
  latencyViolations(workers.map(workerTuning), budget, "budget");
latency("covers the windows and delays of all queues", () => {
  const workers = [{ batchingWindowSeconds: 40 }, { batchingWindowSeconds: 30, deliveryDelaySeconds: 5 }];
  assert.equal(latencyOf(75, ...workers), []);
  assert.equal(
    latencyOf(74, ...workers).map(({ path, value, bound }) => [path, value, bound]),
    [["budget", 74, "at least 75, the windows and delays of all queues (40 + 35 s)"]],
  );
});
latency("counts any window as at least 20 s", () => {
  assert.equal(latencyOf(20, { batchingWindowSeconds: 1 }), []);
  assert.is(latencyOf(19, { batchingWindowSeconds: 1 }).length, 1);
});
latency("needs nothing for queues without window and delay", () => {
  assert.equal(latencyOf(0, {}, {}), []);
});
latency("refuses the two windows of 300 s that once took ten minutes", () => {
  assert.is(latencyOf(60, { batchingWindowSeconds: 300 }, { batchingWindowSeconds: 300 }).length, 1);
});
latency.run();

const message = suite("tuning :: message");
message("names every violation with value, bound, reason and link", () => {
  const found = violations({ batchSize: 50, maximumConcurrency: 1 });
  const error = new InvalidEnvironmentsError(found);
  assert.equal([error.code, error.violations], ["InvalidEnvironments", found]);
  assert.match(error.message, /^2 settings break a rule:\n/);
  assert.match(error.message, "worker.batchSize is 50: it must be at most 10 while batchingWindowSeconds is 0.\n");
  assert.match(
    error.message,
    "worker.maximumConcurrency is 1: it must be a whole number from 2 to 1000 invocations.\n",
  );
  for (const { reason, link } of found) assert.match(error.message, `\n  ${reason}\n  ${link}`);
});
message("counts one violation in the singular, and says when a value is missing", () => {
  const rule = { path: "a.b", value: undefined, bound: "set", reason: "R.", link: "L" };
  assert.is(
    new InvalidEnvironmentsError([rule]).message,
    "1 setting breaks a rule:\n\na.b is missing: it must be set.\n  R.\n  L",
  );
});
message.run();
