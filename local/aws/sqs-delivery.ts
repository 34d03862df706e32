import type { Chaos } from "../chaos.ts";
import type { Stores } from "./fauxqs-stores.ts";

type Queue = NonNullable<ReturnType<Stores["sqsStore"]["getQueueByName"]>>;

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
export function reorder(queue: Queue, chaos: Chaos): void {
  queue.messages = chaos.reordered(queue.messages);
}

/** A standard queue may hand out a message again that it has just handed out, whoever deletes it then. */
export function duplicate(queue: Queue, receiptHandles: readonly string[], chaos: Chaos): void {
  for (const handle of receiptHandles) {
    const taken = queue.inflightMessages.get(handle);
    if (taken && chaos.duplicates()) queue.enqueue({ ...taken.message });
  }
}
