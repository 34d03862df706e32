import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Metric, MetricStore } from "../../src/monitoring/metric-store.ts";
import { statisticNamed } from "../../src/monitoring/statistics.ts";
import { present } from "./monitoring-fixtures.ts";

const store = suite("metric store");
const metric: Metric = { namespace: "N", name: "M", dimensions: { a: "1", b: "2" } };
const at = (second: number) => new Date(second * 1000);

const statistic = (name: string) => present(statisticNamed(name));

function filled(...periods: number[][]): MetricStore {
  const made = new MetricStore(3);
  for (const [second, values] of periods.entries()) {
    made.record(values.map((value) => ({ ...metric, value })));
    made.closePeriod(at(second));
  }
  return made;
}
const values = (made: MetricStore, name: string, of: Metric = metric) =>
  made.datapoints(of, statistic(name), 3).map((datapoint) => datapoint?.value);

store("a statistic is over one period, and the latest period comes first", () => {
  const made = filled([1, 2, 9], [4]);
  assert.equal(values(made, "Sum"), [4, 12, undefined]);
  assert.equal(values(made, "Average"), [4, 4, undefined]);
  assert.equal(values(made, "Maximum"), [4, 9, undefined]);
  assert.equal(values(made, "Minimum"), [4, 1, undefined]);
  assert.equal(values(made, "SampleCount"), [1, 3, undefined]);
});

store("a period without samples has no datapoint, not 0", () => {
  assert.equal(values(filled([1], [], [0]), "Sum"), [0, undefined, 1]);
});

store("the period that is going on is not looked at", () => {
  const made = filled([1]);
  made.record([{ ...metric, value: 7 }]);
  assert.equal(values(made, "Sum"), [1, undefined, undefined]);
});

store("periods that no alarm looks at are forgotten", () => {
  const made = filled([1], [2], [3], [4]);
  const found = made.datapoints(metric, statistic("Sum"), 4).map((datapoint) => datapoint?.value);
  assert.equal(found, [4, 3, 2, undefined]);
});

store("the order of dimensions does not matter, but all of them do", () => {
  const made = filled([5]);
  assert.is(values(made, "Sum", { ...metric, dimensions: { b: "2", a: "1" } })[0], 5);
  assert.is(values(made, "Sum", { ...metric, dimensions: { a: "1" } })[0], undefined);
  assert.is(values(made, "Sum", { ...metric, dimensions: { a: "1", b: "3" } })[0], undefined);
  assert.is(values(made, "Sum", { ...metric, namespace: "Other" })[0], undefined);
});

store("a percentile is the value of its nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.is(statistic("p99")(hundred), 99);
  assert.is(statistic("p99.9")(hundred), 100);
  assert.is(statistic("p50")([30, 10, 20]), 20);
  assert.is(statistic("p0")([30, 10, 20]), 10);
});

store("a statistic that is not simulated has no name here", () => {
  for (const name of ["tm99", "IQM", "p101", "sum", "toString"]) assert.is(statisticNamed(name), undefined, name);
});

store.run();
