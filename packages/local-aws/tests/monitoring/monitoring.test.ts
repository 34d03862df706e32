import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Email } from "../../src/monitoring/mailbox.ts";
import { Monitoring } from "../../src/monitoring/monitoring.ts";
import type { QueueDepth } from "../../src/monitoring/service-metrics.ts";
import { httpServer } from "../helpers/http-server.ts";
import { ACCOUNT_ID, REGION } from "../iam/iam-fixtures.ts";
import { ALARM, authorizeBy, depthAlarm, stackOf, subscription, TOPIC } from "./monitoring-fixtures.ts";

const monitoring = suite("monitoring");

/** A monitored stack whose second goes by with every `tick`. */
function monitored(alarm: object, subscriptions = [subscription("email", "ops@example.com")]) {
  const stack = stackOf({ alarms: [{ ...depthAlarm, ...alarm }], subscriptions });
  const mails: Email[] = [];
  const queue = { name: "jobs", visible: 0, notVisible: 0, oldestAgeSeconds: 0 } satisfies QueueDepth;
  const running = new Monitoring(stack, {
    queues: () => [queue],
    authorize: authorizeBy(stack),
    sendEmail: async (email) => void mails.push(email),
    retryPause: 0,
  });
  const changes: string[] = [];
  running.on("transition", ({ from, to }) => changes.push(`${from} -> ${to}`));
  let second = Date.UTC(2026, 5, 1, 23, 30, 0);
  const tick = async () => {
    await running.tick(new Date(second));
    await running.delivered();
    second += 1000;
  };
  return { running, queue, mails, changes, tick };
}

const subjects = (mails: readonly Email[]) => mails.map(({ subject }) => subject);

monitoring("an alarm starts without data, and is OK after its first good period", async () => {
  const { running, changes, tick } = monitored({});
  assert.is(running.states.get("depth"), "INSUFFICIENT_DATA");
  await tick();
  assert.is(running.states.get("depth"), "OK");
  assert.equal(changes, ["INSUFFICIENT_DATA -> OK"]);
  await running.stop();
});

monitoring("a threshold of more than 2 fires at the third message, and recovers below", async () => {
  const { queue, changes, mails, tick, running } = monitored({});
  for (const visible of [2, 3, 2]) {
    queue.visible = visible;
    await tick();
  }
  assert.equal(changes, ["INSUFFICIENT_DATA -> OK", "OK -> ALARM", "ALARM -> OK"]);
  assert.equal(subjects(mails), [
    'OK: "depth" in EU (Frankfurt)',
    'ALARM: "depth" in EU (Frankfurt)',
    'OK: "depth" in EU (Frankfurt)',
  ]);
  await running.stop();
});

monitoring("an alarm's state, latest change and datapoints of two minutes can be read", async () => {
  const { queue, tick, running } = monitored({});
  await tick();
  queue.visible = 3;
  await tick();
  const [status, ...others] = running.alarms;
  assert.equal([status?.alarm.name, status?.state, others], ["depth", "ALARM", []]);
  const { changed, datapoints = [] } = status ?? {};
  assert.equal([changed?.from, changed?.to, changed?.at.toISOString()], ["OK", "ALARM", "2026-06-01T23:30:01.000Z"]);
  assert.match(changed?.reason ?? "", "Threshold Crossed");
  assert.equal(
    datapoints.map(({ value }) => value),
    [0, 3],
  );
  for (let second = 0; second < 200; second += 1) await tick();
  const [oldest, latest] = [datapoints[0]?.at.getTime() ?? 0, datapoints.at(-1)?.at.getTime() ?? 0];
  assert.is(latest - oldest, 120_000);
  await running.stop();
});

monitoring("an alarm on the maximum of a function's metric sees the highest value of the period", async () => {
  const [namespace, environment] = ["Shop", "test"];
  const { running, changes, tick } = monitored({
    namespace,
    metric_name: "OldestOrder",
    dimensions: { environment },
    statistic: "Maximum",
    threshold: 3600,
  });
  const logged = (...OldestOrder: number[]) => {
    const CloudWatchMetrics = [
      { Namespace: namespace, Dimensions: [["environment"]], Metrics: [{ Name: "OldestOrder", Unit: "Seconds" }] },
    ];
    running.logged(JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics }, environment, OldestOrder }));
  };
  logged(3000, 600);
  logged(3600);
  await tick();
  logged(3601);
  logged(5);
  await tick();
  logged(5);
  await tick();
  assert.equal(changes, ["INSUFFICIENT_DATA -> OK", "OK -> ALARM", "ALARM -> OK"]);
  await running.stop();
});

monitoring("an alarm tells its topic once, however long it lasts", async () => {
  const { queue, mails, tick, running } = monitored({ ok_actions: [] });
  queue.visible = 9;
  for (let seconds = 0; seconds < 5; seconds++) await tick();
  assert.equal(subjects(mails), ['ALARM: "depth" in EU (Frankfurt)']);
  await running.stop();
});

const actionsOf = {
  OK: "ok_actions",
  ALARM: "alarm_actions",
  INSUFFICIENT_DATA: "insufficient_data_actions",
} as const;

monitoring("the actions of a state hear of that state and of no other", async () => {
  const errors = { namespace: "AWS/Lambda", metric_name: "Errors", dimensions: { FunctionName: "f" } };
  const alarm = { ...errors, statistic: "Sum", threshold: 0, treat_missing_data: "missing" };
  for (const [state, attribute] of Object.entries(actionsOf)) {
    const actions = { ok_actions: [], alarm_actions: [], insufficient_data_actions: [], [attribute]: [TOPIC] };
    const { running, mails, changes, tick } = monitored({ ...alarm, ...actions });
    for (const status of ["success", "error"] as const) {
      running.invoked({ function: "f", status, durationMs: 5 });
      await tick();
    }
    for (let seconds = 0; seconds < 8; seconds++) await tick();
    assert.equal(
      changes.map((change) => change.split(" -> ")[1]),
      ["OK", "ALARM", "INSUFFICIENT_DATA"],
    );
    assert.equal(subjects(mails), [`${state}: "depth" in EU (Frankfurt)`]);
    await running.stop();
  }
});

monitoring("an alarm whose actions are off changes its state and tells nobody", async () => {
  const { queue, mails, changes, tick, running } = monitored({ actions_enabled: false });
  queue.visible = 9;
  await tick();
  assert.equal(changes, ["INSUFFICIENT_DATA -> ALARM"]);
  assert.equal(mails, []);
  await running.stop();
});

monitoring("one bad second is forgotten when it leaves the evaluation range", async () => {
  const errors = { namespace: "AWS/Lambda", metric_name: "Errors", dimensions: { FunctionName: "f" } };
  const { running, changes, tick } = monitored({ ...errors, statistic: "Sum", threshold: 0 });
  running.invoked({ function: "f", status: "timeout", durationMs: 5 });
  for (let seconds = 0; seconds < 4; seconds++) await tick();
  assert.equal(changes, ["INSUFFICIENT_DATA -> ALARM", "ALARM -> OK"]);
  await running.stop();
});

monitoring("metrics that functions log and requests that the API answers raise alarms", async () => {
  const logged = { namespace: "Shop", metric_name: "Failures", dimensions: { service: "till" } };
  const directive = { Namespace: "Shop", Dimensions: [["service"]], Metrics: [{ Name: "Failures", Unit: "Count" }] };
  const line = { _aws: { Timestamp: 1, CloudWatchMetrics: [directive] }, service: "till", Failures: 3 };
  const shop = monitored({ ...logged, statistic: "Sum" });
  shop.running.logged(JSON.stringify(line));
  await shop.tick();
  assert.is(shop.running.states.get("depth"), "ALARM");
  await shop.running.stop();

  const api = monitored({ namespace: "AWS/ApiGateway", metric_name: "5xx", dimensions: { ApiId: "a" }, threshold: 0 });
  api.running.requested({ apiId: "a", stage: "$default", status: 500, milliseconds: 3 });
  await api.tick();
  assert.is(api.running.states.get("depth"), "ALARM");
  await api.running.stop();
});

monitoring("topics get the JSON that CloudWatch sends", async () => {
  const bodies: string[] = [];
  await using server = await httpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(Buffer.concat(chunks).toString("utf8"));
    response.end();
  });
  const { queue, tick, running } = monitored({}, [subscription("https", server.url)]);
  queue.visible = 3;
  await tick();
  await running.stop();
  const message = JSON.parse(JSON.parse(bodies[0] ?? "{}").Message);
  assert.match(message.AlarmConfigurationUpdatedTimestamp, /^\d{4}-\d\d-\d\dT[\d:.]{12}\+0000$/);
  assert.equal(message, {
    AlarmName: "depth",
    AlarmDescription: "Look into the queue.",
    AWSAccountId: ACCOUNT_ID,
    AlarmConfigurationUpdatedTimestamp: message.AlarmConfigurationUpdatedTimestamp,
    NewStateValue: "ALARM",
    NewStateReason:
      "Threshold Crossed: 1 out of the last 1 datapoints [3.0 (01/06/26 23:30:00)] was greater than the threshold (2.0) " +
      "(minimum 1 datapoint for OK -> ALARM transition).",
    StateChangeTime: "2026-06-01T23:30:00.000+0000",
    Region: "EU (Frankfurt)",
    AlarmArn: ALARM,
    OldStateValue: "INSUFFICIENT_DATA",
    OKActions: [TOPIC],
    AlarmActions: [TOPIC],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: "ApproximateNumberOfMessagesVisible",
      Namespace: "AWS/SQS",
      StatisticType: "Statistic",
      Statistic: "MAXIMUM",
      Unit: null,
      Dimensions: [{ value: "jobs", name: "QueueName" }],
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 2,
      TreatMissingData: "notBreaching",
      EvaluateLowSampleCountPercentile: "",
    },
  });
});

monitoring("the mail says what happened, why and what the alarm watches", async () => {
  const { queue, mails, tick, running } = monitored({});
  queue.visible = 3;
  await tick();
  await running.stop();
  const text = mails[0]?.text ?? "";
  assert.match(
    text,
    'Alarm "depth" in the EU (Frankfurt) region has entered the ALARM state, because "Threshold Crossed: 1',
  );
  assert.match(text, "- Description:                Look into the queue.");
  assert.match(text, "- State Change:               INSUFFICIENT_DATA -> ALARM");
  assert.match(text, "- Timestamp:                  Monday 01 June, 2026 23:30:00 UTC");
  assert.match(text, "GreaterThanThreshold 2.0 for at least 1 of the last 1 period(s) of 60 seconds.");
  assert.match(text, "- Dimensions:                 [QueueName = jobs]");
  assert.match(text, `- ALARM: [arn:aws:sns:${REGION}:${ACCOUNT_ID}:alarms]`);
});

monitoring("an endpoint that hangs holds up neither the alarms nor the stop", async () => {
  const asked = Promise.withResolvers<void>();
  await using server = await httpServer(() => asked.resolve());
  const { queue, changes, running } = monitored({}, [subscription("https", server.url)]);
  queue.visible = 3;
  await running.tick(new Date());
  await asked.promise;
  queue.visible = 0;
  await running.tick(new Date());
  assert.equal(changes, ["INSUFFICIENT_DATA -> ALARM", "ALARM -> OK"]);
  await running.stop();
});

monitoring.run();
