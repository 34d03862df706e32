import { suite } from "uvu";
import * as assert from "uvu/assert";
import { comparisons, missingDataTreatments } from "../../src/monitoring/alarm-settings.ts";
import { type Evaluated, evaluate, evaluationRange } from "../../src/monitoring/evaluate.ts";
import { stateReason } from "../../src/monitoring/state-reason.ts";
import { present } from "./monitoring-fixtures.ts";

const evaluation = suite("alarm evaluation");
const latest = Date.UTC(2018, 4, 22, 20, 37, 0);

function alarm(evaluationPeriods: number, more: Partial<Evaluated> = {}): Evaluated {
  const defaults = { threshold: 5, datapointsToAlarm: undefined, missingData: "missing" as const };
  return { comparison: present(comparisons.GreaterThanThreshold), evaluationPeriods, ...defaults, ...more };
}

/** As AWS draws them, the oldest first: 0 is within the threshold, X breaches it, - is missing. */
const range = (drawing: string) =>
  [...drawing.replaceAll(" ", "")].reverse().map((mark, index) => {
    const at = new Date(latest - index * 60_000);
    return mark === "-" ? undefined : { at, value: mark === "X" ? 9 : 1 };
  });

/** The state for each treatment of missing data, or "kept". */
const states = (drawing: string, evaluationPeriods: number, datapointsToAlarm: number) =>
  missingDataTreatments.map((missingData) => {
    const verdict = evaluate(alarm(evaluationPeriods, { datapointsToAlarm, missingData }), range(drawing));
    return verdict?.state ?? "kept";
  });
const all = (state: string) => [state, state, state, state];

/** Columns: missing, ignore, breaching, notBreaching. */
const threeOfThree: readonly (readonly [string, readonly string[]])[] = [
  ["0 - X - X", all("OK")],
  ["- - - - 0", all("OK")],
  ["- - - - -", ["INSUFFICIENT_DATA", "kept", "ALARM", "OK"]],
  ["0 X X - X", all("ALARM")],
  ["- - X - -", ["ALARM", "kept", "ALARM", "OK"]],
  ["- - - - X", ["INSUFFICIENT_DATA", "kept", "ALARM", "OK"]],
];
const twoOfThree: typeof threeOfThree = [
  ["0 - X - X", all("ALARM")],
  ["0 0 X 0 X", all("ALARM")],
  ["0 - X - -", ["OK", "OK", "ALARM", "OK"]],
  ["- - - - 0", ["OK", "OK", "ALARM", "OK"]],
  ["- - - X -", ["ALARM", "kept", "ALARM", "OK"]],
];

for (const [drawing, expected] of threeOfThree) {
  evaluation(`3 of 3: ${drawing} is as AWS documents it`, () => assert.equal(states(drawing, 3, 3), expected));
}
for (const [drawing, expected] of twoOfThree) {
  evaluation(`2 of 3: ${drawing} is as AWS documents it`, () => assert.equal(states(drawing, 3, 2), expected));
}

evaluation("looks at 5 periods for 3, as in AWS's examples", () => {
  assert.is(evaluationRange({ evaluationPeriods: 3 }), 5);
});

evaluation("without datapoints to alarm, all evaluation periods have to breach", () => {
  assert.is(evaluate(alarm(2), range("0 0 X X"))?.state, "ALARM");
  assert.is(evaluate(alarm(2), range("X X 0 X"))?.state, "OK");
});

evaluation("each comparison holds its threshold as its name says", () => {
  const breaching = Object.fromEntries(
    Object.entries(comparisons).map(([name, { breaches }]) => [name, [4, 5, 6].filter((value) => breaches(value, 5))]),
  );
  assert.equal(breaching, {
    GreaterThanThreshold: [6],
    GreaterThanOrEqualToThreshold: [5, 6],
    LessThanThreshold: [4],
    LessThanOrEqualToThreshold: [4, 5],
  });
});

const reason = (settings: Evaluated, drawing: string) => {
  const verdict = evaluate(settings, range(drawing));
  return verdict && stateReason(settings, verdict);
};

evaluation("the reason names datapoints, threshold and how many were needed, in CloudWatch's words", () => {
  assert.is(
    reason(alarm(1, { datapointsToAlarm: 1 }), "X"),
    "Threshold Crossed: 1 out of the last 1 datapoints [9.0 (22/05/18 20:37:00)] was greater than the threshold (5.0) " +
      "(minimum 1 datapoint for OK -> ALARM transition).",
  );
  assert.is(
    reason(alarm(3, { datapointsToAlarm: 2 }), "X 0 0"),
    "Threshold Crossed: 2 out of the last 3 datapoints [1.0 (22/05/18 20:37:00), 1.0 (22/05/18 20:36:00)] " +
      "were not greater than the threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).",
  );
});

evaluation("the reason is shorter for an alarm without datapoints to alarm", () => {
  assert.is(
    reason(alarm(2), "X X"),
    "Threshold Crossed: 2 datapoints [9.0 (22/05/18 20:37:00), 9.0 (22/05/18 20:36:00)] were greater than the threshold (5.0).",
  );
});

evaluation("the reason tells how missing datapoints were treated", () => {
  assert.is(
    reason(alarm(1, { missingData: "notBreaching" }), "-"),
    "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
  );
  assert.is(
    reason(alarm(2, { missingData: "breaching" }), "0 -"),
    "Threshold Crossed: 1 datapoint [1.0 (22/05/18 20:36:00)] was not greater than the threshold (5.0) " +
      "and 1 missing datapoint was treated as [Breaching].",
  );
  assert.is(
    reason(alarm(3, { missingData: "breaching", datapointsToAlarm: 2 }), "0 - -"),
    "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
  );
});

evaluation("the reason for insufficient data counts what is unknown", () => {
  assert.is(reason(alarm(1), "-"), "Insufficient Data: 1 datapoint was unknown.");
  assert.is(reason(alarm(3), "- - -"), "Insufficient Data: 3 datapoints were unknown.");
});

evaluation.run();
