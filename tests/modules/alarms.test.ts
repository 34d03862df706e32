import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AlarmTopic } from "../../modules/alarm-topic.ts";
import { MetricAlarm } from "../../modules/metric-alarm.ts";
import { moduleStack } from "../helpers/module-stack.ts";
import { ref } from "../helpers/synth.ts";

const topic = { name: "a-topic", accountId: "123456789012", emails: ["On.Call@example.com", "b@example.com"] };
const quiet = moduleStack((stack) => void new AlarmTopic(stack, "bell", topic));
const paged = moduleStack((stack) => {
  new AlarmTopic(stack, "bell", { ...topic, emails: [], pagerDutyParameter: "/a/parameter" });
});

const alarmTopic = suite("alarm topic");
alarmTopic("has its name, and no key", () => {
  assert.equal(quiet.settings("aws_sns_topic.bell"), { name: "a-topic" });
});
alarmTopic("lets CloudWatch publish for this account, and nobody publish without TLS", () => {
  const arn = ref("aws_sns_topic.bell.arn");
  assert.is(quiet.settings("aws_sns_topic_policy.bell").arn, arn);
  assert.equal(quiet.statements("aws_sns_topic_policy.bell"), [
    {
      Sid: "PublishForThisAccount",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["sns:Publish"],
      Resource: [arn],
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    },
    {
      Sid: "DenyWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: ["sns:Publish"],
      Resource: [arn],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
});
alarmTopic("subscribes every address, and nobody else", () => {
  const email = (endpoint: string) => ({ topic_arn: ref("aws_sns_topic.bell.arn"), protocol: "email", endpoint });
  assert.equal(quiet.settings("aws_sns_topic_subscription.bell_On_Call_example_com"), email("On.Call@example.com"));
  assert.equal(quiet.settings("aws_sns_topic_subscription.bell_b_example_com"), email("b@example.com"));
  assert.is(quiet.all("aws_sns_topic_subscription").length, 2);
  assert.is(quiet.file.data, undefined);
});
alarmTopic("subscribes PagerDuty, which confirms by itself, by the URL in the parameter", () => {
  const { "//": _, ...parameter } = paged.file.data?.aws_ssm_parameter?.bell_pagerduty_url ?? {};
  assert.equal(parameter, { name: "/a/parameter" });
  assert.equal(paged.settings("aws_sns_topic_subscription.bell_pagerduty"), {
    topic_arn: ref("aws_sns_topic.bell.arn"),
    protocol: "https",
    endpoint: ref("data.aws_ssm_parameter.bell_pagerduty_url.value"),
    endpoint_auto_confirms: true,
  });
});
alarmTopic.run();

const source = {
  namespace: "A/Namespace",
  metricName: "AMetric",
  dimensions: { A: "a", B: "b" },
  statistic: "Maximum" as const,
};
const common = {
  alarmName: "an-alarm",
  alarmDescription: "Something.",
  topicArn: "arn:topic",
  ...source,
  threshold: 3,
  evaluationMinutes: 1,
};
const alarms = moduleStack((stack) => {
  new MetricAlarm(stack, "short", common);
  new MetricAlarm(stack, "long", { ...common, statistic: "Sum", evaluationMinutes: 60 });
  new MetricAlarm(stack, "slow", { ...common, statistic: "p99", periodMinutes: 60, evaluationMinutes: 60 });
  new MetricAlarm(stack, "steady", { ...common, periodMinutes: 5, evaluationMinutes: 60, every: true });
  new MetricAlarm(stack, "silent", { ...common, periodMinutes: 60, evaluationMinutes: 300, below: true });
});

const metricAlarm = suite("metric alarm");
const expected = {
  alarm_name: "an-alarm",
  alarm_description: "Something.",
  namespace: "A/Namespace",
  metric_name: "AMetric",
  dimensions: { A: "a", B: "b" },
  statistic: "Maximum",
  period: 60,
  comparison_operator: "GreaterThanThreshold",
  threshold: 3,
  evaluation_periods: 1,
  datapoints_to_alarm: 1,
  treat_missing_data: "notBreaching",
  alarm_actions: ["arn:topic"],
  ok_actions: ["arn:topic"],
};
metricAlarm("fires on the first minute above its threshold, and is over a minute later", () => {
  assert.equal(alarms.settings("aws_cloudwatch_metric_alarm.short"), expected);
});
metricAlarm("is over after the caller's minutes", () => {
  assert.equal(alarms.settings("aws_cloudwatch_metric_alarm.long"), {
    ...expected,
    statistic: "Sum",
    evaluation_periods: 60,
  });
});
metricAlarm("can look at periods of an hour, by a percentile", () => {
  const { statistic: _, ...others } = expected;
  assert.equal(alarms.settings("aws_cloudwatch_metric_alarm.slow"), {
    ...others,
    extended_statistic: "p99",
    period: 3600,
  });
});
metricAlarm("can fire only when every period is above its threshold", () => {
  assert.equal(alarms.settings("aws_cloudwatch_metric_alarm.steady"), {
    ...expected,
    period: 300,
    evaluation_periods: 12,
    datapoints_to_alarm: 12,
  });
});
metricAlarm("can fire when every period is below its threshold or without data", () => {
  assert.equal(alarms.settings("aws_cloudwatch_metric_alarm.silent"), {
    ...expected,
    period: 3600,
    comparison_operator: "LessThanThreshold",
    evaluation_periods: 5,
    datapoints_to_alarm: 5,
    treat_missing_data: "breaching",
  });
});
metricAlarm.run();
