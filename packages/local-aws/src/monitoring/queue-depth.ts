import type { QueueDepth } from "./service-metrics.ts";

interface Timed {
  /** Milliseconds since 1970. */
  readonly sentTimestamp: number;
}

/** A queue's messages, visible or not. */
export interface TimedContents {
  readonly ready: readonly Timed[];
  readonly inflight: readonly { readonly message: Timed; readonly visibilityDeadline: number }[];
}

/** Counts a queue's messages as SQS does. A message whose visibility timeout has passed is visible again. */
export function queueDepth(name: string, { ready, inflight }: TimedContents, now: Date): QueueDepth {
  const hidden = inflight.filter(({ visibilityDeadline }) => visibilityDeadline > now.getTime());
  const sent = [...ready, ...inflight.map(({ message }) => message)].map(({ sentTimestamp }) => sentTimestamp);
  const oldest = sent.reduce((least, timestamp) => Math.min(least, timestamp), now.getTime());
  return {
    name,
    visible: ready.length + inflight.length - hidden.length,
    notVisible: hidden.length,
    oldestAgeSeconds: Math.floor((now.getTime() - oldest) / 1000),
  };
}
