import type { Construct } from "constructs";
import { Metric } from "../functions/runtime/names.ts";
import { MetricAlarm } from "../modules/metric-alarm.ts";

export interface SlackAlarmProps {
  /** Start of every name, such as `leadwire-dev`. */
  readonly prefix: string;
  readonly environmentName: string;
  readonly alarmTopicArn: string;
}

/** Email that works hides a Slack that does not: this alarm shows it. */
export function slackAlarm(scope: Construct, { prefix, environmentName, alarmTopicArn }: SlackAlarmProps): void {
  new MetricAlarm(scope, "slack-failures", {
    name: `${prefix}-slack-failures`,
    description:
      "Slack did not take leads, so email had to. Read `reason` in notify's log: no_service, invalid_token or " +
      "channel_is_archived needs a new webhook in its SSM parameter, SecretMissing that parameter; rate_limited, http_5xx " +
      "or a timeout passes by itself.",
    topicArn: alarmTopicArn,
    namespace: Metric.namespace,
    metric: Metric.slackFailures,
    dimensions: { service: "notify", [Metric.environmentDimension]: environmentName },
    statistic: "Sum",
    above: 0,
    calmMinutes: 5,
  });
}
