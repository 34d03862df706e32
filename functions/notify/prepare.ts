import { LeadwireError } from "../../errors.ts";
import type { checkEnrichedLead, EnrichedLead } from "../lead/enriched-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { createDeadLetterIfRejected, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metric } from "../runtime/names.ts";
import { correlationIdOf, createdObject } from "../runtime/object-created.ts";
import type { Log, Meter } from "../runtime/telemetry.ts";
import type { Claimed } from "./announce.ts";
import { announcementId, type Ledger } from "./ledger.ts";
import type { QueueMessage } from "./queue.ts";

/** Another invocation is announcing the lead at this moment: what becomes of it is known when the message comes back. */
export class ClaimedElsewhereError extends LeadwireError {
  constructor() {
    super("ClaimedElsewhere", "Another invocation is announcing this lead.");
  }
}

/** A claimed lead and the message that asks for it. */
export interface Ready extends Claimed {
  readonly channel: string;
  readonly message: QueueMessage;
}

/** What became of a message before anything was said: to be announced, done with, or to come back. */
export type Prepared =
  | { readonly status: "ready"; readonly ready: Ready }
  | { readonly status: "done" | "failed"; readonly message: QueueMessage };

export interface PreparePorts {
  readonly store: Pick<LeadStore, "read">;
  /** Loads the shape of a lead; it is asked for while the first object is on its way, so that neither waits for the other. */
  readonly loadShape: () => Promise<{ readonly checkEnrichedLead: typeof checkEnrichedLead }>;
  readonly ledger: Pick<Ledger, "claim">;
  /** The channel that a lead belongs to. */
  readonly channelOf: (lead: EnrichedLead) => string;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly log: Log;
  readonly meter: Meter;
}

/**
 * Makes a message ready: reads its lead and claims the announcement. What was said before is done with, and what can never
 * be said is buried.
 * @param claimedUntil when this invocation ends at the latest
 */
export function preparer({ store, loadShape, ledger, channelOf, sendToDeadLetters, log, meter }: PreparePorts) {
  const deadLetterIfRejected = createDeadLetterIfRejected(sendToDeadLetters, log, meter);

  return async (message: QueueMessage, claimedUntil: Date): Promise<Prepared> => {
    const correlationId = correlationIdOf(message);
    let ready: Ready | undefined;
    try {
      await deadLetterIfRejected(message, undefined, async () => {
        const { key } = createdObject(message);
        await deadLetterIfRejected(message, correlationId, async () => {
          const [object, shape] = await Promise.all([store.read(key), loadShape()]);
          const lead = shape.checkEnrichedLead(parse(object.body));
          if (lead.id !== correlationId) {
            throw new RejectedError("InvalidLead", "The enriched object holds another lead than its key names.");
          }
          const channel = channelOf(lead);
          const announcement = announcementId(lead, channel);
          const claim = await ledger.claim(announcement, claimedUntil);
          if (claim.status === "held") throw new ClaimedElsewhereError();
          if (claim.status === "sent") log.info("lead announced before", { correlationId: lead.id });
          else ready = { lead, channel, announcement, message, mayBeRepeat: claim.mayBeRepeat };
        });
      });
    } catch (error) {
      const { messageId, receiveCount } = message;
      const context = { correlationId, messageId, receiveCount, ...loggable(error) };
      if (error instanceof ClaimedElsewhereError) log.info("lead not announced by this invocation", context);
      else {
        log.error("lead not announced, it will be tried again", context);
        meter.count(Metric.leadsRetried, 1);
      }
      return { status: "failed", message };
    }
    return ready ? { status: "ready", ready } : { status: "done", message };
  };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    throw new RejectedError("NotJson", "The enriched object is not JSON.");
  }
}
