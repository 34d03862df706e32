import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { loggable } from "../runtime/loggable.ts";
import type { Log } from "../runtime/telemetry.ts";
import type { OwnQueue, QueueMessage } from "./queue.ts";

/** Messages that are finished. */
interface Finished {
  readonly done: readonly QueueMessage[];
  readonly failed: readonly QueueMessage[];
}

/**
 * Seconds after which a message that failed becomes visible again: soon, and later the second time, so that its three
 * receives outlast a pause as long as Slack usually asks for.
 */
const retryDelaySeconds = ({ receiveCount }: QueueMessage) => (receiveCount <= 1 ? 10 : 30);

/**
 * Deletes the messages that notify received itself and that are done, and lets failed ones be retried soon.
 * @returns the failed messages among those that Lambda delivered
 */
export async function settleMessages(
  event: SQSEvent,
  { done, failed }: Finished,
  { queue, log }: { readonly queue: Pick<OwnQueue, "delete" | "retryAfter">; readonly log: Log },
): Promise<SQSBatchResponse> {
  const delivered = new Set(event.Records.map(({ messageId }) => messageId));
  const taken = done.filter(({ messageId }) => !delivered.has(messageId));
  const results = await Promise.allSettled([queue.delete(taken), queue.retryAfter(failed, retryDelaySeconds)]);
  for (const result of results) {
    // They become visible again after the visibility timeout instead, and the ledger knows what was announced.
    if (result.status === "rejected") log.error("queue not updated", loggable(result.reason));
  }
  const ids = failed.map(({ messageId }) => messageId).filter((messageId) => delivered.has(messageId));
  return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
}
