import { setTimeout as pause } from "node:timers/promises";
import type { QueueContents } from "local-aws";
import { type QueueName, queueOutputs } from "../flow.ts";
import type { Platform } from "./platform.ts";

/** How many messages a queue holds, those included that a function is working on. */
export const messagesIn = ({ ready, delayed, inflight }: QueueContents): number =>
  ready.length + delayed.length + inflight.length;

/** Messages that a work queue holds, those included that a function is working on. */
export function queueDepth({ stack, inspectQueue }: Platform, queue: QueueName): number {
  const { pathname } = new URL(String(stack.output(queueOutputs(queue).url)));
  return messagesIn(inspectQueue(pathname.slice(pathname.lastIndexOf("/") + 1)));
}

/** What is seen of a run's queues. */
type Queues = Pick<Platform, "inspectQueue"> & { readonly stack: Pick<Platform["stack"], "of"> };

/** Whether a queue that a function works on, of a stage or of a consumer, holds a message. */
const isWorking = ({ stack, inspectQueue }: Queues): boolean =>
  stack
    .of("aws_lambda_event_source_mapping")
    .some(({ values }) => messagesIn(inspectQueue(String(values.event_source_arn).split(":").at(-1) ?? "")) > 0);

/** The longest time for which a queue of the stack hides a message, in seconds. */
export const longestVisibility = ({ stack }: Pick<Platform, "stack">): number =>
  Math.max(...stack.of("aws_sqs_queue").map(({ values }) => Number(values.visibility_timeout_seconds ?? 30)));

export interface WaitOptions {
  /** Milliseconds to wait at most. */
  readonly patience: number;
  /** Milliseconds for which the queues have to stay empty. @default 0 */
  readonly calm?: number;
  /** Whether something else is under way. @default nothing is */
  readonly busy?: () => boolean;
  /** Ends the wait at once. */
  readonly signal?: AbortSignal;
}

const betweenLooks = 50;

/**
 * Waits until no queue that a function works on holds a message, not even one that it has received. An event that a fault holds
 * back is in no queue: that is for `busy`.
 * @returns whether that came
 */
export async function queuesEmpty(queues: Queues, options: WaitOptions): Promise<boolean> {
  const { patience, calm = 0, busy = () => false, signal } = options;
  const until = performance.now() + patience;
  let emptySince: number | undefined;
  while (performance.now() < until && !signal?.aborted) {
    const empty = !busy() && !isWorking(queues);
    emptySince = empty ? (emptySince ?? performance.now()) : undefined;
    if (emptySince !== undefined && performance.now() - emptySince >= calm) return true;
    await pause(betweenLooks);
  }
  return false;
}
