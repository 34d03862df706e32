import { enrichedPrefix } from "../../flow.ts";
import { announcementId } from "../lead/announcement-id.ts";
import type { checkEnrichedLead } from "../lead/enriched-lead.ts";
import { isSmokeTest } from "../lead/lead-id.ts";
import { RejectedError } from "../lead/rejection.ts";
import { leadInEnrichedObject } from "../notify/prepare.ts";
import { mapLimited } from "../runtime/concurrency.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { leadIdOf } from "../runtime/object-created.ts";
import { type Finding, grouped, isWithin, leadsAtOnce, type Window } from "./finding.ts";

/** An object in a listing. */
export interface ListedObject {
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly createdAt: Date;
}

/** What a comparison reads of the ledger. */
export interface LedgerReader {
  /** Every destination that leads have had: the ledger knows a destination before a lead is announced there. */
  destinations(): Promise<readonly string[]>;
  /** Those of some announcements, by their ids in the ledger, that were sent. */
  sentOf(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface AnnouncedPorts {
  /** Lists the objects below a prefix, in the order of their keys. @param after a key before the first one */
  readonly objects: (prefix: string, after?: string) => AsyncIterable<ListedObject>;
  readonly read: LeadStore["read"];
  readonly checkEnrichedLead: typeof checkEnrichedLead;
  readonly ledger: LedgerReader;
  /** Days after a raw object's creation in which it can be enriched: for so long messages can point to it. */
  readonly messageDays: number;
}

const daysPrefix = `${enrichedPrefix}dt=`;

/**
 * Compares enriched objects with the ledger: yields the leads that were announced at no destination. The ledger's ids hold
 * the destination, so all that there have been are asked for. Smoke tests are left out.
 */
export async function* unannounced(ports: AnnouncedPorts, window: Window): AsyncGenerator<Finding> {
  const { objects, ledger, messageDays } = ports;
  const destinations = await ledger.destinations();
  // An object is below the day of its raw object, which is older.
  const firstDay = new Date(window.from.getTime() - messageDays * 86_400_000).toISOString().slice(0, 10);
  const listing = objects(daysPrefix, daysPrefix + firstDay);
  for await (const group of grouped(listing, (one) => isWithin(one, window) && !isSmokeTest(leadIdOf(one)))) {
    const asked = await mapLimited(group, leadsAtOnce, (object) => announcementsOf(object, destinations, ports));
    const sent = await ledger.sentOf(asked.flatMap(({ ids }) => ids));
    for (const { object, ids, rejection } of asked) {
      if (ids.some((id) => sent.has(id))) continue;
      const { key, createdAt } = object;
      const reason = rejection ?? "not announced";
      yield { key, leadId: leadIdOf(object), stage: "notify", reason, isDecided: rejection !== undefined, createdAt };
    }
  }
}

/** The ids that the announcement of a lead can have in the ledger. */
async function announcementsOf(object: ListedObject, destinations: readonly string[], ports: AnnouncedPorts) {
  try {
    const stored = await ports.read({ ...object, versionId: undefined });
    const lead = leadInEnrichedObject(object, stored, ports.checkEnrichedLead);
    return { object, ids: destinations.map((destination) => announcementId(lead, destination)) };
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    return { object, ids: [], rejection: `rejected ${error.code}` };
  }
}
