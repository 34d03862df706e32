import type { EnrichedLead } from "../lead/enriched-lead.ts";
import { isFile, memberLeadId, sourceOf } from "../lead/lead-id.ts";
import { leadInObject, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded } from "../runtime/concurrency.ts";
import type { StoredObject } from "../runtime/lead-store.ts";
import { Metadata } from "../runtime/names.ts";
import { changeReason, leadsInFile } from "../sources/leads-in-body.ts";
import type { Reader } from "../sources/reading.ts";
import type { FilledSettings } from "../sources/settings.ts";
import type { DomainKind } from "./email-domains.ts";
import type { enrichLead } from "./enrich-lead.ts";
import { receivedAtOf } from "./received-at.ts";

/** A lead of a raw object, as it came. */
export interface LeadInObject {
  readonly id: string;
  readonly raw: RawLead;
  /** The event says that something was changed or deleted, so it is no new lead. */
  readonly isChange: boolean;
}

/**
 * The leads of a raw object. Only a file can hold several.
 * @param objectId the id of the lead if it is alone
 * @throws RejectedError NotJson, NotALead and the like
 */
export function leadsInObject({ body }: Pick<StoredObject, "body">, objectId: string): readonly LeadInObject[] {
  if (!isFile(objectId)) return [{ id: objectId, raw: leadInObject(body), isChange: false }];
  const leads = leadsInFile(body);
  return leads.map(({ lead: raw, isChange }, index) => ({
    id: memberLeadId(objectId, index, leads.length),
    raw,
    isChange,
  }));
}

/** Why a test lead is ignored, where the source's settings say so. */
export const testLead = "test lead";

/** What the rules make of a lead: an enriched lead, nothing for a reason, or a rejection. */
export type Outcome =
  | { readonly lead: EnrichedLead }
  | { readonly ignored: string }
  | { readonly rejected: RejectedError };

export interface OutcomePorts {
  /** Loads the enrichment. */
  readonly loadEnrichment: () => Promise<{ readonly enrichLead: typeof enrichLead }>;
  /** The reader of a format's leads, or the general reader for no format or an unknown one. */
  readonly readerOf: (format: string | undefined) => Promise<Reader>;
  /** Fetches the record that a raw lead names; the raw lead itself where events are complete. */
  readonly fetchedLead: (event: RawLead, id: string, format: string | undefined) => Promise<RawLead>;
  readonly domainKind: (domain: string) => Promise<DomainKind>;
  /** ISO 3166-1 alpha-2; undefined when phone numbers without a country code are not to be guessed. */
  readonly defaultCountry: string | undefined;
  readonly now: () => Date;
}

/** Returns what a lead becomes. It writes nothing but what `fetchedLead` writes. */
export type OutcomeOf = (lead: LeadInObject, object: StoredObject, settings?: FilledSettings) => Promise<Outcome>;

export function createOutcomeOf(ports: OutcomePorts): OutcomeOf {
  const { loadEnrichment, readerOf, fetchedLead, domainKind, defaultCountry, now } = ports;
  const enriched = async ({ id, raw }: LeadInObject, object: StoredObject, settings?: FilledSettings) => {
    const format = object.metadata[Metadata.format];
    const [{ enrichLead }, readLead, fetched] = await allEnded([
      loadEnrichment(),
      readerOf(format),
      fetchedLead(raw, id, format),
    ]);
    const { fields = {}, title: sourceTitle, crmHosts } = settings ?? {};
    const reading = readLead(fetched, { event: raw, fields });
    const isTest = object.metadata[Metadata.test] === "true" || reading.isTest === true;
    if (isTest && settings?.testLeads === "ignore") return { ignored: testLead };
    const times = { receivedAt: receivedAtOf(object), enrichedAt: now() };
    const provenance = { id, source: sourceOf(id), ...times, defaultCountry, sourceTitle, crmHosts, isTest };
    return { lead: await enrichLead(reading, provenance, domainKind) };
  };
  return async (lead, object, settings) => {
    if (lead.isChange) return { ignored: changeReason };
    try {
      return await enriched(lead, object, settings);
    } catch (error) {
      if (error instanceof RejectedError) return { rejected: error };
      throw error;
    }
  };
}
