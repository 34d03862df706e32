import type { checkEnrichedLead, EnrichedLead } from "../lead/enriched-lead.ts";
import { parsedText } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded } from "../runtime/concurrency.ts";
import { createDeadLetterIfRejected, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metric } from "../runtime/names.ts";
import { type CreatedObject, correlationIdOf, createdObject, leadIdOf } from "../runtime/object-created.ts";
import type { QueueMessage } from "../runtime/own-queue.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { LeadToAnnounce } from "./lead-summary.ts";
import type { Claim, Ledger } from "./ledger.ts";

/** A lead whose announcement this invocation has claimed in the ledger. */
export interface ClaimedLead extends LeadToAnnounce, Omit<Extract<Claim, { readonly status: "granted" }>, "status"> {
  readonly destination: string;
  /** The message that asks for it. */
  readonly message: QueueMessage;
}

/**
 * Prepares a message: reads the lead and claims its announcement.
 * @param claimedUntil when this invocation ends at the latest
 * @returns the lead that is to be announced; `done` when it was announced before, or was rejected and dead-lettered; `failed`
 *   when the message is to be retried
 */
export type Prepare = (message: QueueMessage, claimedUntil: Date) => Promise<ClaimedLead | "done" | "failed">;

export interface PreparePorts extends Telemetry {
  readonly store: Pick<LeadStore, "read">;
  /** Loads the shape of a lead. It is called while the first object is being read, so that neither waits for the other. */
  readonly loadShape: () => Promise<{ readonly checkEnrichedLead: typeof checkEnrichedLead }>;
  readonly ledger: Pick<Ledger, "open" | "claim">;
  readonly destinationOf: (lead: EnrichedLead) => string;
  readonly sendToDeadLetters: SendToDeadLetters;
}

export function createPreparer(ports: PreparePorts): Prepare {
  const { ledger, destinationOf, sendToDeadLetters, log, meter } = ports;
  const deadLetterIfRejected = createDeadLetterIfRejected(sendToDeadLetters, ports);

  const claim = async (lead: EnrichedLead, message: QueueMessage, until: Date) => {
    const destination = destinationOf(lead);
    const claimed = await ledger.claim(lead, destination, until);
    if (claimed.status === "granted") {
      const { status: _, ...granted } = claimed;
      return { lead, destination, message, ...granted };
    }
    if (claimed.status === "sent") {
      log.info("lead announced before", { correlationId: lead.id });
      return "done";
    }
    // A retry finds out what became of it.
    const reason = "Another invocation is announcing this lead.";
    const context = { ...contextOf(message), errorClass: "ClaimedElsewhere", reason };
    log.info("lead not announced by this invocation", context);
    return "failed";
  };

  return async (message, claimedUntil) => {
    try {
      const prepared = await deadLetterIfRejected(message, correlationIdOf(message), async () =>
        claim(await readLead(createdObject(message), ports), message, claimedUntil),
      );
      return prepared ?? "done";
    } catch (error) {
      log.error("lead not announced, it will be tried again", { ...contextOf(message), ...loggable(error) });
      meter.count(Metric.leadsRetried, 1);
      return "failed";
    }
  };
}

const contextOf = (message: QueueMessage) => ({
  correlationId: correlationIdOf(message),
  messageId: message.messageId,
  receiveCount: message.receiveCount,
});

/** @throws RejectedError NotJson, NoContact, InvalidLead */
async function readLead(object: CreatedObject, { store, loadShape, ledger }: PreparePorts): Promise<EnrichedLead> {
  const [{ body }, { checkEnrichedLead }] = await allEnded([store.read(object), loadShape(), ledger.open()]);
  const lead = checkEnrichedLead(parsedText(Buffer.from(body).toString("utf8"), "The enriched object"));
  if (lead.id !== leadIdOf(object)) {
    throw new RejectedError("InvalidLead", "The enriched object holds another lead than its key names.");
  }
  return lead;
}
