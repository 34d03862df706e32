import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";

export interface MetricAlarmProps {
  readonly name: string;
  /** What the alarm means and what to do first, 1 to 1,024 characters. */
  readonly description: string;
  /** ARN of the topic that gets both ALARM and OK. */
  readonly topicArn: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** How the values of a minute become one. */
  readonly statistic: "Maximum" | "Sum";
  /** The alarm fires above this value, never at it. */
  readonly threshold: number;
  /** Minutes at or below the threshold before the alarm is OK again, 1 to 1,440. */
  readonly evaluationMinutes: number;
}

/** An alarm that fires on the first minute above its threshold. */
export class MetricAlarm extends Construct {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: MetricAlarmProps) {
    super(scope, id);
    this.alarm = new CloudwatchMetricAlarm(this, "metric-alarm", {
      alarmName: props.name,
      alarmDescription: props.description,
      namespace: props.namespace,
      metricName: props.metric,
      dimensions: { ...props.dimensions },
      statistic: props.statistic,
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: props.threshold,
      evaluationPeriods: props.evaluationMinutes,
      datapointsToAlarm: 1,
      // SQS and Lambda report no data while nothing happens, and that is no problem.
      treatMissingData: "notBreaching",
      alarmActions: [props.topicArn],
      okActions: [props.topicArn],
    });
  }
}
