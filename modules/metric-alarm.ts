import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";

export interface MetricAlarmProps {
  readonly name: string;
  /** What it means, and what to do first: whoever is woken by it reads this and nothing else. */
  readonly description: string;
  /** The topic that hears of both ALARM and OK. */
  readonly topicArn: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Maximum" | "Sum";
  /** The alarm fires above this value, never at it. */
  readonly above: number;
  /**
   * Minutes that have to pass below the threshold before it is OK again, from 1.
   * @default 1
   */
  readonly calmMinutes?: number;
}

/** An alarm that fires on the first minute above its threshold. */
export class MetricAlarm extends Construct {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: MetricAlarmProps) {
    super(scope, id);
    const { name, description, topicArn, namespace, metric, dimensions, statistic, above, calmMinutes = 1 } = props;
    this.alarm = new CloudwatchMetricAlarm(this, "metric-alarm", {
      alarmName: name,
      alarmDescription: description,
      namespace,
      metricName: metric,
      dimensions: { ...dimensions },
      statistic,
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: above,
      evaluationPeriods: calmMinutes,
      datapointsToAlarm: 1,
      // SQS and Lambda report nothing while nothing happens, and nothing happening is no alarm.
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
  }
}
