import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { mapLimited } from "../runtime/concurrency.ts";
import { createDeadLetterIfRejected, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { createdObject } from "../runtime/object-created.ts";
import { asQueueMessage, type QueueMessage } from "../runtime/own-queue.ts";
import { type Failed, failedBy, type Postpone } from "../runtime/postpone.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import { indexItems } from "./items.ts";
import type { WriteItems } from "./table.ts";

export interface IndexPorts extends Telemetry {
  readonly store: Pick<LeadStore, "read">;
  readonly write: WriteItems;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly postpone: Postpone;
  /** Days after its creation for which an object's items are kept. */
  readonly days: number;
}

/** Objects of an invocation that are read and indexed at the same time: as many as a client has sockets. */
const objectsAtOnce = 50;

/**
 * Indexes the objects of events. An invalid object is dead-lettered. When a service is unavailable, the message is postponed;
 * what fails for another reason is received again.
 */
export function makeHandler(ports: IndexPorts) {
  const { store, write, postpone, days, meter } = ports;
  const deadLetterIfRejected = createDeadLetterIfRejected(ports.sendToDeadLetters, ports);

  const attempt = async (message: QueueMessage): Promise<Failed[]> => {
    try {
      await deadLetterIfRejected(message, async () => {
        const created = createdObject(message);
        const object = await store.read(created);
        await write(indexItems(created.key, object), Math.ceil(object.createdAt.getTime() / 1000) + days * 86_400);
      });
      return [];
    } catch (error) {
      return [failedBy(error, message)];
    }
  };

  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = await mapLimited(Records.map(asQueueMessage), objectsAtOnce, attempt);
    const left = await postpone(failed.flat());
    meter.flush();
    return { batchItemFailures: left.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}
