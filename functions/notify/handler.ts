import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type AnnounceGroupsPorts, announceGroups } from "./announce-groups.ts";
import { type CollectPorts, createCollection } from "./collect.ts";
import type { OwnQueue, QueueMessage } from "./queue.ts";
import { settleMessages } from "./settle-messages.ts";

export interface NotifyPorts extends AnnounceGroupsPorts, CollectPorts {
  readonly queue: OwnQueue;
  /** Leads that one message can hold on every channel. */
  readonly capacity: number;
  /** Seconds before the end of an invocation after which the first channel begins no message. */
  readonly reserveSeconds: number;
}

/**
 * Announces enriched leads. One lead is announced at once. More than one message in a batch hints at a burst: then notify
 * receives more from its own queue, and goes on doing so while it waits for a send slot, up to a full message.
 */
export function makeHandler(ports: NotifyPorts) {
  const { capacity, reserveSeconds, meter, now } = ports;

  return async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const begun = now();
    const claimedUntil = new Date(begun + context.getRemainingTimeInMillis());
    const latest = claimedUntil.getTime() - reserveSeconds * 1000;
    // Stop taking messages at half time, so that every lead can still get a send slot before the deadline.
    const takesUntil = begun + (latest - begun) / 2;
    const collected = createCollection(ports, { capacity, claimedUntil, takesUntil });
    await collected.add(event.Records.map(asQueueMessage));
    if (event.Records.length > 1) await collected.takeAll();
    await announceGroups(collected, latest, ports);
    const response = await settleMessages(event, collected, ports);
    meter.flush();
    return response;
  };
}

const asQueueMessage = ({ messageId, receiptHandle, body, attributes }: SQSEvent["Records"][number]): QueueMessage => ({
  messageId,
  receiptHandle,
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount),
});
