import type { Delivery } from "../delivery.ts";
import type { Stores } from "./fauxqs-stores.ts";

/** A queue as fauxqs keeps it. */
export type Queue = NonNullable<ReturnType<Stores["sqsStore"]["getQueueByName"]>>;

/**
 * Drops what has been in the queue for longer than its retention period. The age runs from the first enqueue and goes on
 * in the dead letter queue.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html#understanding-message-retention-periods
 */
export function dropExpired(queue: Queue, now: number): void {
  const oldest = now - Number(queue.attributes.MessageRetentionPeriod) * 1000;
  const kept = ({ sentTimestamp }: { readonly sentTimestamp: number }) => sentTimestamp > oldest;
  if (!queue.messages.every(kept)) queue.messages = queue.messages.filter(kept);
  if (!queue.delayedMessages.every(kept)) queue.delayedMessages = queue.delayedMessages.filter(kept);
  for (const [handle, { message }] of queue.inflightMessages) {
    if (!kept(message)) queue.inflightMessages.delete(handle);
  }
}

/** A standard queue promises no order. */
export function reorder(queue: Queue, delivery: Delivery): void {
  queue.messages = delivery.reordered(queue.messages);
}

/** Messages that are a second delivery. */
const copies = new WeakSet<object>();

/**
 * Puts a copy of a message back that was just handed out. A standard queue may deliver a message twice even if it was
 * deleted, because a server that was unavailable kept it. Here that happens at most once to a message.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
 */
export function duplicate(queue: Queue, receiptHandles: readonly string[], delivery: Delivery): void {
  for (const handle of receiptHandles) {
    const message = queue.inflightMessages.get(handle)?.message;
    if (!message || copies.has(message) || !delivery.duplicates()) continue;
    const copy = { ...message };
    copies.add(copy);
    queue.enqueue(copy);
  }
}
