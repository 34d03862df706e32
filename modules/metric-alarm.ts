import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";

/** The alarm fires above its threshold, never at it. Its description has 1 to 1,024 characters. */
export interface MetricAlarmProps
  extends Pick<
    CloudwatchMetricAlarmConfig,
    "alarmName" | "alarmDescription" | "namespace" | "metricName" | "dimensions" | "threshold"
  > {
  /** ARN of the topic that gets both ALARM and OK. */
  readonly topicArn: string;
  /** How the values of a minute become one. */
  readonly statistic: "Maximum" | "Sum";
  /** Minutes at or below the threshold before the alarm is OK again, 1 to 1,440. */
  readonly evaluationMinutes: number;
}

/** An alarm that fires on the first minute above its threshold. */
export class MetricAlarm extends Construct {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, { topicArn, evaluationMinutes, ...watched }: MetricAlarmProps) {
    super(scope, id);
    this.alarm = new CloudwatchMetricAlarm(this, "metric-alarm", {
      ...watched,
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: evaluationMinutes,
      datapointsToAlarm: 1,
      // SQS and Lambda report no data while nothing happens, and that is no problem.
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
  }
}
