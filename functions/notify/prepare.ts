import { nobody } from "../lead/announcement-id.ts";
import type { checkEnrichedLead, EnrichedLead } from "../lead/enriched-lead.ts";
import { isSmokeTest } from "../lead/lead-id.ts";
import { parsedText } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded } from "../runtime/concurrency.ts";
import { createDeadLetterIfRejected, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import { failureOf } from "../runtime/failures.ts";
import type { LeadStore, StoredObject } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { type CreatedObject, createdObject, leadIdOf } from "../runtime/object-created.ts";
import type { QueueMessage } from "../runtime/own-queue.ts";
import { type Failed, noTime } from "../runtime/postpone.ts";
import type { Log, Telemetry } from "../runtime/telemetry.ts";
import type { LeadToAnnounce } from "./lead-summary.ts";
import type { Claim, Ledger } from "./ledger.ts";

/** A lead whose announcement this invocation has claimed in the ledger. */
export interface ClaimedLead extends LeadToAnnounce, Omit<Extract<Claim, { readonly status: "granted" }>, "status"> {
  readonly destination: string;
  /** The message that asks for it. */
  readonly message: QueueMessage;
}

/** One lead or more of the same destination. */
export type ClaimedLeads = [ClaimedLead, ...ClaimedLead[]];

/** Why a message needs another attempt. */
export type Failure = Pick<Failed, "kind" | "cause">;

/**
 * Prepares a message: reads the lead and claims its announcement. A smoke test ends here: the ledger records that it was sent
 * by `nobody`.
 * @param claimedUntil when this invocation ends at the latest
 * @param mayBegin whether a destination can be announced to now; if not, nothing is claimed
 * @returns the lead that is to be announced; `done` when it was announced before, is a smoke test, or was rejected and
 *   dead-lettered; or why the message needs another attempt
 */
export type Prepare = (
  message: QueueMessage,
  claimedUntil: Date,
  mayBegin: (destination: string) => boolean,
) => Promise<ClaimedLead | "done" | Failure>;

export interface PreparePorts extends Telemetry {
  readonly store: Pick<LeadStore, "read">;
  /** Loads the shape of a lead. It is called while the first object is being read, so that neither waits for the other. */
  readonly loadShape: () => Promise<{ readonly checkEnrichedLead: typeof checkEnrichedLead }>;
  readonly ledger: Ledger;
  readonly destinationOf: (lead: EnrichedLead) => string;
  readonly sendToDeadLetters: SendToDeadLetters;
}

export function createPreparer(ports: PreparePorts): Prepare {
  const { ledger, destinationOf, sendToDeadLetters, log } = ports;
  const deadLetterIfRejected = createDeadLetterIfRejected(sendToDeadLetters, ports);

  const claim = async (lead: EnrichedLead, ...[message, until, mayBegin]: Parameters<Prepare>): ReturnType<Prepare> => {
    const isSmoke = isSmokeTest(lead.id);
    const destination = isSmoke ? nobody : destinationOf(lead);
    if (!mayBegin(destination)) return noTime;
    const claimed = await ledger.claim(lead, destination, until);
    if (claimed.status === "granted" && isSmoke) {
      await ledger.settle(claimed.claim, "sent", nobody);
      log.info("smoke test announced to nobody", { correlationId: lead.id });
      return "done";
    }
    if (claimed.status === "granted") {
      const { status: _, ...granted } = claimed;
      return { lead, destination, message, ...granted };
    }
    if (claimed.status === "sent") {
      log.info("lead announced before", { correlationId: lead.id });
      return "done";
    }
    const reason = "Another invocation is announcing this lead.";
    return { kind: "busy", cause: { errorClass: "ClaimedElsewhere", reason } };
  };

  return async (message, claimedUntil, mayBegin) => {
    try {
      const prepared = await deadLetterIfRejected(message, async () =>
        claim(await readLead(createdObject(message), ports), message, claimedUntil, mayBegin),
      );
      return prepared ?? "done";
    } catch (error) {
      return { kind: failureOf(error), cause: loggable(error) };
    }
  };
}

/** Gives back the claim of a lead that was not announced, so that another invocation can announce it at once. It never throws. */
export type Release = (lead: ClaimedLead) => Promise<void>;

export const createRelease =
  (ledger: Pick<Ledger, "giveBack">, log: Log): Release =>
  async ({ claim, lead }) => {
    try {
      await ledger.giveBack(claim);
    } catch (error) {
      log.error("claim not given back, the lead may be marked as a repeat", {
        correlationId: lead.id,
        ...loggable(error),
      });
    }
  };

async function readLead(object: CreatedObject, { store, loadShape, ledger }: PreparePorts): Promise<EnrichedLead> {
  const [stored, { checkEnrichedLead }] = await allEnded([store.read(object), loadShape(), ledger.open()]);
  return leadInEnrichedObject(object, stored, checkEnrichedLead);
}

/** The lead in an enriched object. @throws RejectedError NotJson, NoContact, InvalidLead */
export function leadInEnrichedObject(
  object: Pick<CreatedObject, "key" | "etag">,
  { body }: Pick<StoredObject, "body">,
  check: typeof checkEnrichedLead,
): EnrichedLead {
  const lead = check(parsedText(Buffer.from(body).toString("utf8"), "The enriched object"));
  if (lead.id !== leadIdOf(object)) {
    throw new RejectedError("InvalidLead", "The enriched object holds another lead than its key names.");
  }
  return lead;
}
