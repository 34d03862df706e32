/** Makes one value of a period's samples, of which there is at least one. */
export type Statistic = (values: readonly number[]) => number;

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);

const simple: Readonly<Record<string, Statistic>> = {
  Average: (values) => sum(values) / values.length,
  Maximum: (values) => values.reduce((greatest, value) => Math.max(greatest, value)),
  Minimum: (values) => values.reduce((least, value) => Math.min(least, value)),
  SampleCount: (values) => values.length,
  Sum: sum,
};

const percentilePattern = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** Nearest rank. */
function percentile(percent: number): Statistic {
  return (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
  };
}

/** Undefined for a statistic that local-aws does not simulate, such as a trimmed mean. */
export function statisticNamed(name: string): Statistic | undefined {
  const [, percent] = percentilePattern.exec(name) ?? [];
  if (percent !== undefined) return percentile(Number(percent));
  return Object.hasOwn(simple, name) ? simple[name] : undefined;
}
