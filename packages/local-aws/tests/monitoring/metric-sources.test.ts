import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { embeddedMetrics } from "../../src/monitoring/embedded-metrics.ts";
import type { Sample } from "../../src/monitoring/metric-store.ts";
import { queueDepth } from "../../src/monitoring/queue-depth.ts";
import {
  apiSamples,
  emailSamples,
  isFed,
  lambdaSamples,
  queueSamples,
  ruleSamples,
} from "../../src/monitoring/service-metrics.ts";

const sources = suite("metric sources");
const plain = (samples: readonly Sample[]) =>
  samples.map(({ namespace, name, dimensions, value }) => [namespace, name, dimensions, value]);
const valuesOf = (samples: readonly Sample[], dimensions: object) =>
  Object.fromEntries(
    samples
      .filter((sample) => JSON.stringify(sample.dimensions) === JSON.stringify(dimensions))
      .map(({ name, value }) => [name, value]),
  );

const directive = (more: object, root: object) =>
  JSON.stringify({
    _aws: { Timestamp: 1, CloudWatchMetrics: [{ Namespace: "N", Dimensions: [["d"]], ...more }] },
    ...root,
  });

sources("a line of Powertools gives every value of every metric, with its dimensions", () => {
  const metrics = new Metrics({ namespace: "Shop", serviceName: "till", defaultDimensions: { environment: "test" } });
  metrics.addMetric("Sales", MetricUnit.Count, 1);
  metrics.addMetric("Sales", MetricUnit.Count, 3);
  metrics.addMetric("Wait", MetricUnit.Milliseconds, 250);
  const dimensions = { service: "till", environment: "test" };
  const samples = embeddedMetrics(JSON.stringify(metrics.serializeMetrics()));
  assert.equal(plain(samples), [
    ["Shop", "Sales", dimensions, 1],
    ["Shop", "Sales", dimensions, 3],
    ["Shop", "Wait", dimensions, 250],
  ]);
});

sources("each set of dimensions is a metric of its own", () => {
  const line = directive({ Dimensions: [["d"], ["d", "e"], []], Metrics: [{ Name: "M" }] }, { d: "1", e: "2", M: 5 });
  assert.equal(plain(embeddedMetrics(line)), [
    ["N", "M", { d: "1" }, 5],
    ["N", "M", { d: "1", e: "2" }, 5],
    ["N", "M", {}, 5],
  ]);
});

sources("a dimension or metric without a value is left out", () => {
  assert.equal(embeddedMetrics(directive({ Metrics: [{ Name: "M" }] }, { M: 5 })), []);
  assert.equal(embeddedMetrics(directive({ Metrics: [{ Name: "M" }] }, { d: "1" })), []);
  assert.equal(embeddedMetrics(directive({ Metrics: [{ Name: "M" }] }, { d: "1", M: "5" })), []);
});

sources("any other line holds no metrics", () => {
  for (const line of ["", "START", '{"level":"INFO"}', '"_aws"', '{"_aws":', '{"_aws":{}}', '{"_aws":null}']) {
    assert.equal(embeddedMetrics(line), [], line);
  }
});

sources("an invocation counts as one, with its duration, and says that it was not throttled", () => {
  const samples = lambdaSamples({ function: "f", status: "success", durationMs: 12 });
  const expected = { Invocations: 1, Errors: 0, Throttles: 0, Duration: 12 };
  assert.equal(valuesOf(samples, { FunctionName: "f" }), expected);
  assert.equal(valuesOf(samples, {}), expected);
});

sources("errors and timeouts are errors", () => {
  for (const status of ["error", "timeout"] as const) {
    const samples = lambdaSamples({ function: "f", status, durationMs: 1 });
    assert.is(valuesOf(samples, { FunctionName: "f" }).Errors, 1, status);
  }
});

sources("a throttled request is neither an invocation nor an error", () => {
  const samples = lambdaSamples({ function: "f", status: "throttled", durationMs: 0 });
  assert.equal(valuesOf(samples, { FunctionName: "f" }), { Throttles: 1 });
});

sources("an invocation that recursion detection stopped is neither an invocation nor an error", () => {
  const samples = lambdaSamples({ function: "f", status: "recursive", durationMs: 0 });
  assert.equal(valuesOf(samples, { FunctionName: "f" }), { RecursiveInvocationsDropped: 1 });
});

sources("a queue tells its depths and the age of its oldest message", () => {
  const samples = queueSamples({ name: "q", visible: 3, notVisible: 2, oldestAgeSeconds: 90 });
  assert.equal(valuesOf(samples, { QueueName: "q" }), {
    ApproximateNumberOfMessagesVisible: 3,
    ApproximateNumberOfMessagesNotVisible: 2,
    ApproximateAgeOfOldestMessage: 90,
  });
});

sources("a message whose visibility timeout has passed is visible again", () => {
  const now = new Date(100_000);
  const held = (visibilityDeadline: number) => ({ message: { sentTimestamp: 40_000 }, visibilityDeadline });
  const contents = { ready: [{ sentTimestamp: 70_000 }], inflight: [held(100_001), held(100_000)] };
  assert.equal(queueDepth("q", contents, now), { name: "q", visible: 2, notVisible: 1, oldestAgeSeconds: 60 });
});

sources("an empty queue's oldest message is 0 s old", () => {
  const depth = queueDepth("q", { ready: [], inflight: [] }, new Date());
  assert.equal(depth, { name: "q", visible: 0, notVisible: 0, oldestAgeSeconds: 0 });
});

sources("API Gateway counts answers by their hundreds, for the API and for its stage", () => {
  const of = (status: number) => apiSamples({ apiId: "a", stage: "s", status, milliseconds: 7 });
  assert.equal(valuesOf(of(202), { ApiId: "a" }), { Count: 1, "4xx": 0, "5xx": 0, Latency: 7 });
  assert.is(valuesOf(of(429), { ApiId: "a", Stage: "s" })["4xx"], 1);
  assert.is(valuesOf(of(503), { ApiId: "a", Stage: "s" })["5xx"], 1);
});

sources("an event of SES counts under its own name, with the dimensions of its configuration set", () => {
  const dimensions = { "ses:configuration-set": "shop-dev" };
  assert.equal(plain(emailSamples({ type: "COMPLAINT", dimensions })), [["AWS/SES", "Complaint", dimensions, 1]]);
});

sources("an event that a rule could not deliver counts for the rule", () => {
  const found = plain(ruleSamples("stored", "FailedInvocations"));
  assert.equal(found, [["AWS/Events", "FailedInvocations", { RuleName: "stored" }, 1]]);
  assert.ok(isFed({ namespace: "AWS/Events", name: "InvocationsFailedToBeSentToDlq" }));
  assert.not.ok(isFed({ namespace: "AWS/Events", name: "ThrottledRules" }));
});

sources("functions may write any metric, but AWS's own are only those that local-aws feeds", () => {
  assert.ok(isFed({ namespace: "Shop", name: "Sales" }));
  assert.ok(isFed({ namespace: "AWS/Lambda", name: "Errors" }));
  assert.not.ok(isFed({ namespace: "AWS/Lambda", name: "IteratorAge" }));
  assert.ok(isFed({ namespace: "AWS/SES", name: "Bounce" }));
  assert.not.ok(isFed({ namespace: "AWS/SES", name: "Open" }));
});

sources.run();
