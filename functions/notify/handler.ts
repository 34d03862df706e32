import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { loggable } from "../runtime/loggable.ts";
import { Metric } from "../runtime/names.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { Announce } from "./announce.ts";
import { type ClaimedLeads, type CollectPorts, createCollection } from "./collect.ts";
import type { OwnQueue, QueueMessage } from "./queue.ts";

export interface NotifyPorts extends CollectPorts, Telemetry {
  readonly queue: OwnQueue;
  readonly announce: Announce;
  /** Reserves a send slot of the first channel. @returns when it begins, in epoch milliseconds */
  readonly reserveFirstSlot: (destination: string, latest: number) => Promise<number>;
  /** Seconds before the end of an invocation after which the first channel begins no message. */
  readonly reserveSeconds: number;
}

/**
 * Announces enriched leads, one message a destination. One lead is announced at once. More than one message in a batch hints
 * at a burst: then notify receives more from its own queue, and goes on doing so while it waits for a send slot, up to a full
 * message. A slot that begins too late is not waited for: the next channel gets the leads.
 */
export function makeHandler(ports: NotifyPorts) {
  const { reserveFirstSlot, reserveSeconds, meter, now } = ports;

  return async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const begun = now();
    const claimedUntil = new Date(begun + context.getRemainingTimeInMillis());
    const latest = claimedUntil.getTime() - reserveSeconds * 1000;
    // Stop taking messages at half time, so that every lead can still get a send slot before the deadline.
    const takesUntil = begun + (latest - begun) / 2;
    const collected = createCollection(ports, claimedUntil, takesUntil);
    const { waiting, done, failed } = collected;
    await collected.add(event.Records.map(asQueueMessage));
    if (event.Records.length > 1) await collected.takeAll();
    for (const [destination, group] of waiting) {
      const slot = await reserveFirstSlot(destination, latest);
      if (slot <= latest) await collected.waitUntil(slot);
      const leads = collected.takeOut(destination, group);
      const announced = await announceOrFail(destination, leads, slot, latest, ports);
      (announced ? done : failed).push(...leads.map(({ message }) => message));
    }
    const delivered = new Set(event.Records.map(({ messageId }) => messageId));
    await settleMessages(
      done.filter(({ messageId }) => !delivered.has(messageId)),
      failed,
      ports,
    );
    meter.flush();
    const ids = failed.map(({ messageId }) => messageId).filter((messageId) => delivered.has(messageId));
    return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

const asQueueMessage = ({ messageId, receiptHandle, body, attributes }: SQSEvent["Records"][number]): QueueMessage => ({
  messageId,
  receiptHandle,
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount),
});

/** An announcement that throws fails its own leads, and not those of the other destinations. */
async function announceOrFail(
  destination: string,
  leads: ClaimedLeads,
  slot: number,
  latest: number,
  { announce, log, meter }: NotifyPorts,
): Promise<boolean> {
  try {
    return await announce(destination, leads, slot, latest);
  } catch (error) {
    const correlationIds = leads.map(({ lead }) => lead.id);
    log.error("leads not announced, they will be tried again", { destination, correlationIds, ...loggable(error) });
    meter.count(Metric.leadsRetried, leads.length);
    return false;
  }
}

/**
 * Seconds after which a message that failed becomes visible again: soon, and later the second time, so that its three
 * receives outlast a pause as long as Slack usually asks for.
 */
const retryDelaySeconds = ({ receiveCount }: QueueMessage) => (receiveCount <= 1 ? 10 : 30);

/** Deletes the messages that notify received itself and that are done, and lets failed ones be retried soon. */
async function settleMessages(
  taken: readonly QueueMessage[],
  failed: readonly QueueMessage[],
  { queue, log }: NotifyPorts,
): Promise<void> {
  for (const result of await Promise.allSettled([queue.delete(taken), queue.retryAfter(failed, retryDelaySeconds)])) {
    // They become visible again after the visibility timeout instead, and the ledger knows what was announced.
    if (result.status === "rejected") log.error("queue not updated", loggable(result.reason));
  }
}
