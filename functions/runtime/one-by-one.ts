import { orderBy, partition } from "es-toolkit/array";
import { loggable } from "./loggable.ts";
import type { OwnQueue, QueueMessage } from "./own-queue.ts";
import type { Log } from "./telemetry.ts";

/**
 * Splits messages into new ones and those that were received before, the most received first. An invocation can have died of
 * one of these, without memory or time left. If it dies again, those that are further from their last receive are behind it.
 */
export function byReceives(messages: readonly QueueMessage[]) {
  const [again, fresh] = partition(messages, ({ receiveCount }) => receiveCount > 1);
  return { again: orderBy(again, [({ receiveCount }) => receiveCount], ["desc"]), fresh };
}

/** Seconds between two messages that become visible again after the death of their invocation. */
const apartSeconds = 10;
/** The visibility timeout is so many times the function's timeout. */
const timeoutsHidden = 6;

export interface OneByOnePorts {
  readonly queue: Pick<OwnQueue, "delete" | "retryAfter">;
  readonly log: Log;
}

/**
 * Works on messages that were received before, one at a time, and deletes each when it is done. So only the message that ends
 * its invocation uses up its receives: those before it are deleted, and those behind it become visible one after the other,
 * each for an invocation of its own.
 * @param milliseconds that are left of the invocation, which has just begun
 * @param work returns whether the message is done
 */
export async function oneByOne(
  messages: readonly QueueMessage[],
  milliseconds: number,
  { queue, log }: OneByOnePorts,
  work: (message: QueueMessage) => Promise<boolean>,
): Promise<void> {
  if (messages.length === 0) return;
  const hidden = Math.ceil((timeoutsHidden * milliseconds) / 1000);
  const turns = new Map(messages.map((message, index) => [message, index]));
  await updateQueue(log, () =>
    queue.retryAfter(messages, (message) => hidden + apartSeconds * (turns.get(message) ?? 0)),
  );
  for (const message of messages) {
    if (await work(message)) await updateQueue(log, () => queue.delete([message]));
  }
}

/** Updates the queue. If that fails, messages become visible again later, and what was done is not done again. */
export async function updateQueue(log: Log, update: () => Promise<void>): Promise<void> {
  try {
    await update();
  } catch (error) {
    log.error("queue not updated", loggable(error));
  }
}
