import type { Statistic } from "./statistics.ts";

/** A metric of CloudWatch. Each set of dimensions is a metric of its own. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Sample extends Metric {
  readonly value: number;
}

/** A metric's statistic over one period. */
export interface Datapoint {
  readonly at: Date;
  readonly value: number;
}

interface Period {
  readonly at: Date;
  readonly values: ReadonlyMap<string, readonly number[]>;
}

const keyOf = ({ namespace, name, dimensions }: Metric) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** Samples of the period that is going on, and of those before it that an alarm may still look at. */
export class MetricStore {
  readonly #kept: number;
  /** The latest first. */
  readonly #closed: Period[] = [];
  #open = new Map<string, number[]>();

  /** @param kept periods to remember after they are closed */
  constructor(kept: number) {
    this.#kept = kept;
  }

  record(samples: readonly Sample[]): void {
    for (const sample of samples) {
      const key = keyOf(sample);
      const values = this.#open.get(key);
      if (values) values.push(sample.value);
      else this.#open.set(key, [sample.value]);
    }
  }

  closePeriod(at: Date): void {
    this.#closed.unshift({ at, values: this.#open });
    this.#closed.length = Math.min(this.#closed.length, this.#kept);
    this.#open = new Map();
  }

  /** The latest closed periods, the latest first; undefined stands for a period without samples. */
  datapoints(metric: Metric, statistic: Statistic, count: number): readonly (Datapoint | undefined)[] {
    const key = keyOf(metric);
    return Array.from({ length: count }, (_, index) => {
      const period = this.#closed[index];
      const values = period?.values.get(key);
      return period && values ? { at: period.at, value: statistic(values) } : undefined;
    });
  }
}
