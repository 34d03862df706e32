import { datapointsNeeded, type Evaluated, isBreaching, type Verdict } from "./evaluate.ts";
import type { Datapoint } from "./metric-store.ts";

/** CloudWatch writes numbers with a point: 5.0. */
export const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const be = (count: number) => (count === 1 ? "was" : "were");

/** 22/05/18 20:37:00 */
function shortTime(at: Date): string {
  const [date = "", time = ""] = at.toISOString().split("T");
  const [year = "", month, day] = date.split("-");
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

const list = (datapoints: readonly Datapoint[]) =>
  `[${datapoints.map(({ at, value }) => `${decimal(value)} (${shortTime(at)})`).join(", ")}]`;

/** Why an alarm has its new state, in CloudWatch's words. */
export function stateReason(alarm: Evaluated, { state, received, filled }: Verdict): string {
  const { comparison, threshold, evaluationPeriods, datapointsToAlarm, missingData } = alarm;
  if (state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${counted(evaluationPeriods, "datapoint")} ${be(evaluationPeriods)} unknown.`;
  }
  const fills = filled > 0 && (missingData === "breaching" || missingData === "notBreaching");
  const treatment = missingData === "breaching" ? "Breaching" : "NonBreaching";
  const missing = fills ? ` and ${counted(filled, "missing datapoint")} ${be(filled)} treated as [${treatment}]` : "";

  const alarming = state === "ALARM";
  const agreeing = received.filter((datapoint) => isBreaching(alarm, datapoint) === alarming);
  if (agreeing.length === 0) {
    const found =
      received.length === 0 ? "no datapoints were" : `${counted(received.length, "datapoint")} ${be(received.length)}`;
    return `Threshold Crossed: ${found} received for ${counted(evaluationPeriods, "period")}${missing}.`;
  }
  const crossed = `${be(agreeing.length)} ${alarming ? "" : "not "}${comparison.words} the threshold (${decimal(threshold)})`;
  if (datapointsToAlarm === undefined) {
    return `Threshold Crossed: ${counted(agreeing.length, "datapoint")} ${list(agreeing)} ${crossed}${missing}.`;
  }
  const minimum = alarming ? datapointsNeeded(alarm) : evaluationPeriods - datapointsNeeded(alarm) + 1;
  const direction = alarming ? "OK -> ALARM" : "ALARM -> OK";
  return (
    `Threshold Crossed: ${agreeing.length} out of the last ${evaluationPeriods} datapoints ${list(agreeing)} ${crossed} ` +
    `(minimum ${counted(minimum, "datapoint")} for ${direction} transition)${missing}.`
  );
}
