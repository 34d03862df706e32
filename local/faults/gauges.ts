import type { Platform } from "../platform.ts";

export const workQueues = ["leads", "notifications"] as const;
export type WorkQueueName = (typeof workQueues)[number];

/** Messages that a work queue holds, those included that a function is working on. */
export async function queueDepth({ stack, inspectQueue }: Platform, queue: WorkQueueName): Promise<number> {
  const name =
    String(stack.output(`${queue}_queue_url`))
      .split("/")
      .at(-1) ?? "";
  const { ready, delayed, inflight } = await inspectQueue(name);
  return ready.length + delayed.length + inflight.length;
}

export interface Sample {
  /** Milliseconds from the start. */
  readonly at: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly depth: Readonly<Record<WorkQueueName, number>>;
}

/** What memory and queues were while the load lasted. */
export interface Gauges {
  /** Medians of the first and of the last fifth of the time, in MB. */
  readonly rssMb: { readonly start: number; readonly end: number };
  readonly heapMb: { readonly start: number; readonly end: number };
  /** The same of each queue's messages, and the most that there were. */
  readonly depth: Readonly<Record<WorkQueueName, { start: number; end: number; most: number }>>;
}

const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);
const betweenSamples = 1000;

/** Samples until it is stopped. */
export class Gauge {
  readonly #samples: Sample[] = [];
  readonly #platform: Platform;
  readonly #timer: NodeJS.Timeout;
  readonly #started = performance.now();

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#timer = setInterval(() => void this.#sample(), betweenSamples);
  }

  stop(): Gauges {
    clearInterval(this.#timer);
    return summary(this.#samples);
  }

  async #sample(): Promise<void> {
    const { rss, heapUsed } = process.memoryUsage();
    const [leads, notifications] = await Promise.all(workQueues.map((queue) => queueDepth(this.#platform, queue)));
    this.#samples.push({
      at: performance.now() - this.#started,
      rssMb: megabytes(rss),
      heapMb: megabytes(heapUsed),
      depth: { leads: leads ?? 0, notifications: notifications ?? 0 },
    });
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export function summary(samples: readonly Sample[]): Gauges {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  const ends = (value: (sample: Sample) => number) => ({
    start: median(samples.slice(0, fifth).map(value)),
    end: median(samples.slice(-fifth).map(value)),
  });
  const depth = (queue: WorkQueueName) => ({
    ...ends((sample) => sample.depth[queue]),
    most: Math.max(0, ...samples.map((sample) => sample.depth[queue])),
  });
  return {
    rssMb: ends(({ rssMb }) => rssMb),
    heapMb: ends(({ heapMb }) => heapMb),
    depth: { leads: depth("leads"), notifications: depth("notifications") },
  };
}
