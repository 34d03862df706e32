import { suite } from "uvu";
import * as assert from "uvu/assert";
import { UnsupportedStackError } from "../../src/errors.ts";
import { alarmSettings } from "../../src/monitoring/alarm-settings.ts";
import { ALARM, depthAlarm, present, stackOf, TOPIC } from "./monitoring-fixtures.ts";

const settings = suite("alarm settings");
const read = (more: object) => alarmSettings(stackOf({ alarms: [{ ...depthAlarm, ...more }] }))[0];
const without = (name: string) => ({ [name]: undefined });

function refuses(more: object, problem: string): void {
  assert.throws(
    () => read(more),
    (error: unknown) =>
      error instanceof UnsupportedStackError &&
      error.message.startsWith("aws_cloudwatch_metric_alarm.alarm0: ") &&
      error.message.includes(problem),
    problem,
  );
}

settings("are the stack's, with references followed", () => {
  const { statistic, comparison, ...alarm } = present(read({}));
  assert.equal(alarm, {
    name: "depth",
    arn: ALARM,
    description: "Look into the queue.",
    metric: {
      namespace: "AWS/SQS",
      name: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "jobs" },
    },
    statisticName: "Maximum",
    periodSeconds: 60,
    operator: "GreaterThanThreshold",
    threshold: 2,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missingData: "notBreaching",
    actionsEnabled: true,
    actions: { OK: [TOPIC], ALARM: [TOPIC], INSUFFICIENT_DATA: [] },
  });
  assert.is(statistic([1, 3, 2]), 3);
  assert.is(comparison.words, "greater than");
});

settings("have AWS's defaults: missing data is missing, actions are on", () => {
  const alarm = read({ ...without("treat_missing_data"), ...without("datapoints_to_alarm") });
  assert.is(alarm?.missingData, "missing");
  assert.is(alarm?.datapointsToAlarm, undefined);
  assert.is(alarm?.actionsEnabled, true);
  assert.is(read({ actions_enabled: false })?.actionsEnabled, false);
});

settings("take a percentile", () => {
  assert.is(read({ ...without("statistic"), extended_statistic: "p99.9" })?.statisticName, "p99.9");
});

settings("refuse what local-aws does not simulate, naming the alarm", () => {
  refuses({ metric_query: [{ id: "sum", expression: "a+b" }] }, "metric_query");
  refuses({ threshold_metric_id: "sum" }, "threshold_metric_id");
  refuses({ unit: "Count" }, "unit");
  refuses({ evaluate_low_sample_count_percentiles: "ignore" }, "evaluate_low_sample_count_percentiles");
  refuses({ statistic: undefined, extended_statistic: "tm90" }, "tm90");
  refuses({ comparison_operator: "GreaterThanUpperThreshold" }, "GreaterThanUpperThreshold");
});

settings("refuse a metric that nothing in local-aws feeds", () => {
  refuses({ namespace: "AWS/Kinesis" }, "local-aws has no metric AWS/Kinesis ");
  refuses({ metric_name: "NumberOfMessagesSent" }, "local-aws has no metric AWS/SQS NumberOfMessagesSent");
});

settings("refuse what CloudWatch refuses", () => {
  refuses({ datapoints_to_alarm: 2 }, "datapoints_to_alarm is 2");
  refuses({ evaluation_periods: 0 }, "evaluation_periods must be a whole number");
  refuses({ treat_missing_data: "notbreaching" }, "treat_missing_data");
  refuses({ threshold: "2" }, "threshold must be a number");
});

settings("refuse an action that is not a topic of the stack", () => {
  refuses({ alarm_actions: ["arn:aws:sns:eu-central-1:111122223333:other"] }, "alarm_actions");
});

settings.run();
