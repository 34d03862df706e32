import { UnsupportedStackError } from "../errors.ts";
import { field, optionalText, textField, textMap } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";
import type { Metric } from "./metric-store.ts";
import { isFed } from "./service-metrics.ts";
import { type Statistic, statisticNamed } from "./statistics.ts";

const alarmStates = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
export type AlarmState = (typeof alarmStates)[number];

export const missingDataTreatments = ["missing", "ignore", "breaching", "notBreaching"] as const;
type MissingData = (typeof missingDataTreatments)[number];

interface Comparison {
  /** As a state's reason says it. */
  readonly words: string;
  readonly breaches: (value: number, threshold: number) => boolean;
}

export const comparisons: Readonly<Record<string, Comparison>> = {
  GreaterThanThreshold: { words: "greater than", breaches: (value, threshold) => value > threshold },
  GreaterThanOrEqualToThreshold: {
    words: "greater than or equal to",
    breaches: (value, threshold) => value >= threshold,
  },
  LessThanThreshold: { words: "less than", breaches: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: { words: "less than or equal to", breaches: (value, threshold) => value <= threshold },
};

/** An alarm as CloudWatch knows it. */
export interface AlarmSettings {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly metric: Metric;
  readonly statisticName: string;
  readonly statistic: Statistic;
  readonly periodSeconds: number;
  readonly operator: string;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  /** Undefined stands for all evaluation periods, and is worded differently. */
  readonly datapointsToAlarm: number | undefined;
  readonly missingData: MissingData;
  readonly actionsEnabled: boolean;
  /** ARNs of the topics that get a message, by the new state. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
}

const notSimulated = ["metric_query", "threshold_metric_id", "unit", "evaluate_low_sample_count_percentiles"];

function wholeNumber(alarm: Resource, name: string): number {
  const value = field(alarm, name);
  if (typeof value === "number" && Number.isInteger(value) && value >= 1) return value;
  throw new UnsupportedStackError(alarm.address, `${name} must be a whole number from 1.`);
}

function readMetric(alarm: Resource): Metric {
  const metric = {
    namespace: textField(alarm, "namespace"),
    name: textField(alarm, "metric_name"),
    dimensions: textMap(alarm, "dimensions"),
  };
  if (isFed(metric)) return metric;
  throw new UnsupportedStackError(alarm.address, `local-aws has no metric ${metric.namespace} ${metric.name}.`);
}

function readStatistic(alarm: Resource): Pick<AlarmSettings, "statistic" | "statisticName"> {
  const statisticName = optionalText(alarm, "extended_statistic") ?? textField(alarm, "statistic");
  const statistic = statisticNamed(statisticName);
  if (statistic) return { statisticName, statistic };
  throw new UnsupportedStackError(alarm.address, `local-aws does not simulate the statistic ${statisticName}.`);
}

function readComparison(alarm: Resource): Pick<AlarmSettings, "operator" | "comparison" | "threshold"> {
  const operator = textField(alarm, "comparison_operator");
  const comparison = comparisons[operator];
  if (!comparison) throw new UnsupportedStackError(alarm.address, `local-aws does not simulate ${operator}.`);
  const threshold = field(alarm, "threshold");
  if (typeof threshold !== "number") throw new UnsupportedStackError(alarm.address, "threshold must be a number.");
  return { operator, comparison, threshold };
}

function readPeriods(alarm: Resource): Pick<AlarmSettings, "evaluationPeriods" | "datapointsToAlarm"> {
  const evaluationPeriods = wholeNumber(alarm, "evaluation_periods");
  const isSet = field(alarm, "datapoints_to_alarm") !== undefined;
  const datapointsToAlarm = isSet ? wholeNumber(alarm, "datapoints_to_alarm") : undefined;
  if (datapointsToAlarm === undefined || datapointsToAlarm <= evaluationPeriods) {
    return { evaluationPeriods, datapointsToAlarm };
  }
  throw new UnsupportedStackError(
    alarm.address,
    `datapoints_to_alarm is ${datapointsToAlarm} and may be at most evaluation_periods, which is ${evaluationPeriods}.`,
  );
}

function readActions(alarm: Resource, name: string, topics: readonly unknown[]): readonly string[] {
  const actions = [field(alarm, name) ?? []].flat().map(String);
  const other = actions.find((action) => !topics.includes(action));
  if (other === undefined) return actions;
  throw new UnsupportedStackError(alarm.address, `${name} may name the stack's topics only, not ${other}.`);
}

/**
 * Reads the stack's alarms.
 * @throws UnsupportedStackError naming an alarm that CloudWatch would refuse or local-aws cannot evaluate
 */
export function alarmSettings(stack: Stack): readonly AlarmSettings[] {
  const topics = stack.of("aws_sns_topic").map(({ values }) => values.arn);
  return stack.of("aws_cloudwatch_metric_alarm").map((alarm) => {
    const set = notSimulated.find((name) => field(alarm, name) !== undefined);
    if (set) throw new UnsupportedStackError(alarm.address, `local-aws does not simulate ${set} of an alarm.`);
    const treatment = optionalText(alarm, "treat_missing_data") ?? "missing";
    const missingData = missingDataTreatments.find((known) => known === treatment);
    if (!missingData) throw new UnsupportedStackError(alarm.address, `treat_missing_data may not be ${treatment}.`);
    return {
      name: textField(alarm, "alarm_name"),
      arn: textField(alarm, "arn"),
      description: optionalText(alarm, "alarm_description"),
      metric: readMetric(alarm),
      ...readStatistic(alarm),
      periodSeconds: wholeNumber(alarm, "period"),
      ...readComparison(alarm),
      ...readPeriods(alarm),
      missingData,
      actionsEnabled: field(alarm, "actions_enabled") !== false,
      actions: {
        OK: readActions(alarm, "ok_actions", topics),
        ALARM: readActions(alarm, "alarm_actions", topics),
        INSUFFICIENT_DATA: readActions(alarm, "insufficient_data_actions", topics),
      },
    };
  });
}
