import type { Construct } from "constructs";
import { Metric } from "../functions/runtime/names.ts";
import { MetricAlarm } from "../modules/metric-alarm.ts";

export interface RetryAlarmsProps {
  /** Start of every name, such as `leadwire-dev`. */
  readonly prefix: string;
  readonly environmentName: string;
  readonly alarmTopicArn: string;
}

/** What each worker asks for its part. */
const services = {
  enrich: "S3 or SQS",
  notify: "S3 or DynamoDB",
} as const;

/**
 * A failed lead is no error of its function, so `…-errors` stays silent, and its queue's age alarms only after the latency
 * budget: these alarms show that leads wait because a service did not do its part. For Slack and SES there are others.
 */
export function retryAlarms(scope: Construct, { prefix, environmentName, alarmTopicArn }: RetryAlarmsProps): void {
  for (const [service, called] of Object.entries(services)) {
    new MetricAlarm(scope, `${service}-retries`, {
      name: `${prefix}-${service}-retries`,
      description:
        `${called} did not do what ${service} asked for, so leads wait and are tried again; after their last receive they ` +
        `are dead letters. Read errorClass in the log group /aws/lambda/${prefix}-${service}.`,
      topicArn: alarmTopicArn,
      namespace: Metric.namespace,
      metric: Metric.leadsRetried,
      dimensions: { service, [Metric.environmentDimension]: environmentName },
      statistic: "Sum",
      above: 0,
      calmMinutes: 5,
    });
  }
}
