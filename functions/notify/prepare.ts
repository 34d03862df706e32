import { LeadwireError } from "../../errors.ts";
import type { checkEnrichedLead, EnrichedLead } from "../lead/enriched-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { createDeadLetterIfRejected, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metric } from "../runtime/names.ts";
import { type CreatedObject, correlationIdOf, createdObject, leadIdOf } from "../runtime/object-created.ts";
import type { Log, Meter } from "../runtime/telemetry.ts";
import { announcementId, type Ledger } from "./ledger.ts";
import type { QueueMessage } from "./queue.ts";
import type { ClaimedLead } from "./record.ts";

/** Another invocation is announcing the lead now. A retry finds out what became of it. */
class ClaimedElsewhereError extends LeadwireError {
  constructor() {
    super("ClaimedElsewhere", "Another invocation is announcing this lead.");
  }
}

/** A claimed lead, its destination, and the message that asks for it. */
export interface ReadyLead extends ClaimedLead {
  readonly destination: string;
  readonly message: QueueMessage;
}

/** A message before the announcement: its lead is ready, or nothing is left to do, or it is to be retried. */
export type Prepared =
  | { readonly status: "ready"; readonly lead: ReadyLead }
  | { readonly status: "done" | "failed"; readonly message: QueueMessage };

/** @param claimedUntil when this invocation ends at the latest */
export type Prepare = (message: QueueMessage, claimedUntil: Date) => Promise<Prepared>;

export interface PreparePorts {
  readonly store: Pick<LeadStore, "read">;
  /** Loads the shape of a lead. It is called while the first object is being read, so that neither waits for the other. */
  readonly loadShape: () => Promise<{ readonly checkEnrichedLead: typeof checkEnrichedLead }>;
  readonly ledger: Pick<Ledger, "claim">;
  readonly destinationOf: (lead: EnrichedLead) => string;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly log: Log;
  readonly meter: Meter;
}

/**
 * Prepares messages: reads the lead and claims its announcement. Nothing is left to do for leads that were announced before
 * and for rejected ones, which are dead-lettered.
 */
export function createPreparer(ports: PreparePorts): Prepare {
  const { ledger, destinationOf, sendToDeadLetters, log, meter } = ports;
  const deadLetterIfRejected = createDeadLetterIfRejected(sendToDeadLetters, ports);

  const claim = async (lead: EnrichedLead, message: QueueMessage, until: Date): Promise<ReadyLead | undefined> => {
    const destination = destinationOf(lead);
    const announcement = announcementId(lead, destination);
    const claimed = await ledger.claim(announcement, until);
    if (claimed.status === "held") throw new ClaimedElsewhereError();
    if (claimed.status === "granted") {
      return { lead, destination, announcement, message, mayBeRepeat: claimed.mayBeRepeat };
    }
    log.info("lead announced before", { correlationId: lead.id });
    return undefined;
  };

  const logFailure = (message: QueueMessage, error: unknown) => {
    const { messageId, receiveCount } = message;
    const context = { correlationId: correlationIdOf(message), messageId, receiveCount, ...loggable(error) };
    if (error instanceof ClaimedElsewhereError) return log.info("lead not announced by this invocation", context);
    log.error("lead not announced, it will be tried again", context);
    meter.count(Metric.leadsRetried, 1);
  };

  return async (message, claimedUntil) => {
    let lead: ReadyLead | undefined;
    try {
      await deadLetterIfRejected(message, undefined, async () => {
        const object = createdObject(message);
        await deadLetterIfRejected(message, leadIdOf(object), async () => {
          lead = await claim(await readLead(object, ports), message, claimedUntil);
        });
      });
    } catch (error) {
      logFailure(message, error);
      return { status: "failed", message };
    }
    return lead ? { status: "ready", lead } : { status: "done", message };
  };
}

/** @throws RejectedError NotJson, NoContact, InvalidLead */
async function readLead(object: CreatedObject, { store, loadShape }: PreparePorts): Promise<EnrichedLead> {
  const [{ body }, { checkEnrichedLead }] = await Promise.all([store.read(object.key), loadShape()]);
  const lead = checkEnrichedLead(parsed(body));
  if (lead.id !== leadIdOf(object)) {
    throw new RejectedError("InvalidLead", "The enriched object holds another lead than its key names.");
  }
  return lead;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    throw new RejectedError("NotJson", "The enriched object is not JSON.");
  }
}
