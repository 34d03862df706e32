import { type QueueName, queueNames } from "../../flow.ts";
import type { Platform } from "../platform.ts";
import { queueDepth } from "../queues.ts";

const perQueue = <T>(value: (queue: QueueName) => T) =>
  Object.fromEntries(queueNames.map((queue) => [queue, value(queue)])) as Record<QueueName, T>;

export interface Sample {
  readonly rssMb: number;
  readonly heapMb: number;
  readonly depth: Readonly<Record<QueueName, number>>;
}

/** Memory and queues while the load lasted. */
export interface Gauges {
  /** Medians of the first and of the last fifth of the time, in MB. */
  readonly rssMb: { readonly start: number; readonly end: number };
  readonly heapMb: { readonly start: number; readonly end: number };
  /** The same of each queue's messages, and the maximum. */
  readonly depth: Readonly<Record<QueueName, { start: number; end: number; most: number }>>;
}

const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);

/** Samples memory and queues once a second until the returned function ends that. */
export function startGauges(platform: Platform): () => Gauges {
  const samples: Sample[] = [];
  const timer = setInterval(() => {
    const { rss, heapUsed } = process.memoryUsage();
    const depth = perQueue((queue) => queueDepth(platform, queue));
    samples.push({ rssMb: megabytes(rss), heapMb: megabytes(heapUsed), depth });
  }, 1000);
  return () => {
    clearInterval(timer);
    return summary(samples);
  };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export function summary(samples: readonly Sample[]): Gauges {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  const ends = (value: (sample: Sample) => number) => ({
    start: median(samples.slice(0, fifth).map(value)),
    end: median(samples.slice(-fifth).map(value)),
  });
  return {
    rssMb: ends(({ rssMb }) => rssMb),
    heapMb: ends(({ heapMb }) => heapMb),
    depth: perQueue((queue) => ({
      ...ends((sample) => sample.depth[queue]),
      most: Math.max(0, ...samples.map((sample) => sample.depth[queue])),
    })),
  };
}
