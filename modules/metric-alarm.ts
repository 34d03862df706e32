import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";

/** A metric of CloudWatch, and how its values of a minute become one. */
export interface MetricSource {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Maximum" | "Sum";
}

export interface MetricAlarmProps {
  readonly name: string;
  /** What the alarm means and what to do first, 1 to 1,024 characters. */
  readonly description: string;
  /** ARN of the topic that gets both ALARM and OK. */
  readonly topicArn: string;
  readonly source: MetricSource;
  /** The alarm fires above this value, never at it. */
  readonly threshold: number;
  /**
   * Minutes at or below the threshold before the alarm is OK again, 1 to 1,440.
   * @default 1
   */
  readonly evaluationMinutes?: number;
}

/** An alarm that fires on the first minute above its threshold. */
export class MetricAlarm extends Construct {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: MetricAlarmProps) {
    super(scope, id);
    const { name, description, topicArn, source, threshold, evaluationMinutes = 1 } = props;
    this.alarm = new CloudwatchMetricAlarm(this, "metric-alarm", {
      alarmName: name,
      alarmDescription: description,
      namespace: source.namespace,
      metricName: source.metric,
      dimensions: { ...source.dimensions },
      statistic: source.statistic,
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold,
      evaluationPeriods: evaluationMinutes,
      datapointsToAlarm: 1,
      // SQS and Lambda report no data while nothing happens, and that is no problem.
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
  }
}
