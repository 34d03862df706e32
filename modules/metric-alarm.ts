import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";

/** The alarm's description has 1 to 1,024 characters. */
export interface MetricAlarmProps
  extends Pick<
    CloudwatchMetricAlarmConfig,
    "alarmName" | "alarmDescription" | "namespace" | "metricName" | "dimensions" | "threshold"
  > {
  /** ARN of the topic that gets both ALARM and OK. */
  readonly topicArn: string;
  /** How the values of a period become one. */
  readonly statistic: "Maximum" | "Sum" | "p99";
  /** @default 1 */
  readonly periodMinutes?: 1 | 5 | 60;
  /**
   * Minutes of the periods that the alarm looks at, which is how long it stays on: 1 to 1,440, or 10,080 with periods of an hour.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
   */
  readonly evaluationMinutes: number;
  /** Whether every period must be above the threshold. @default one of them is enough */
  readonly every?: boolean;
  /** Whether the alarm fires when every period is below the threshold or has no data at all. @default false */
  readonly below?: boolean;
}

/** An alarm that fires above its threshold, never at it, if it is not to fire below. */
export class MetricAlarm extends Construct {
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: MetricAlarmProps) {
    super(scope, id);
    const {
      topicArn,
      statistic,
      periodMinutes = 1,
      evaluationMinutes,
      below = false,
      every = below,
      ...watched
    } = props;
    const evaluationPeriods = evaluationMinutes / periodMinutes;
    this.alarm = new CloudwatchMetricAlarm(this, "metric-alarm", {
      ...watched,
      ...(statistic === "p99" ? { extendedStatistic: statistic } : { statistic }),
      period: periodMinutes * 60,
      comparisonOperator: below ? "LessThanThreshold" : "GreaterThanThreshold",
      evaluationPeriods,
      datapointsToAlarm: every ? evaluationPeriods : 1,
      // SQS and Lambda report no data while nothing happens, and that is no problem unless something should.
      treatMissingData: below ? "breaching" : "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
    });
  }
}
