import type { AlarmSettings, AlarmState } from "./alarm-settings.ts";
import type { Datapoint } from "./metric-store.ts";

/** What an evaluation found. */
export interface Verdict {
  readonly state: AlarmState;
  /** The datapoints that were there, the latest first. */
  readonly received: readonly Datapoint[];
  /** How many datapoints were missing, and counted as the alarm says. */
  readonly filled: number;
}

export type Evaluated = Pick<
  AlarmSettings,
  "comparison" | "threshold" | "evaluationPeriods" | "datapointsToAlarm" | "missingData"
>;

/** CloudWatch looks further back where it finds no datapoint. AWS documents how far in one example only: 5 for 3. */
export const evaluationRange = ({ evaluationPeriods }: Pick<AlarmSettings, "evaluationPeriods">) =>
  evaluationPeriods + 2;

export const datapointsNeeded = ({ datapointsToAlarm, evaluationPeriods }: Evaluated) =>
  datapointsToAlarm ?? evaluationPeriods;

export const isBreaching = ({ comparison, threshold }: Evaluated, { value }: Datapoint) =>
  comparison.breaches(value, threshold);

/**
 * Evaluates an alarm on the datapoints of its evaluation range, the latest first. Undefined keeps the state as it is.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluate(alarm: Evaluated, range: readonly (Datapoint | undefined)[]): Verdict | undefined {
  const { evaluationPeriods, missingData } = alarm;
  const needed = datapointsNeeded(alarm);
  const received = range.filter((datapoint) => datapoint !== undefined).slice(0, evaluationPeriods);
  const filled = evaluationPeriods - received.length;
  const verdict = (state: AlarmState): Verdict => ({ state, received, filled });

  const breaching = received.filter((datapoint) => isBreaching(alarm, datapoint)).length;
  if (breaching + (missingData === "breaching" ? filled : 0) >= needed) return verdict("ALARM");
  const allBreach = breaching === received.length;
  if (!allBreach || missingData === "breaching" || missingData === "notBreaching") return verdict("OK");
  if (missingData === "ignore") return undefined;
  // A breach that nothing has contradicted since counts for all periods after it.
  const oldest = range.findLastIndex((datapoint) => datapoint !== undefined) + 1;
  return verdict(oldest >= needed ? "ALARM" : "INSUFFICIENT_DATA");
}
