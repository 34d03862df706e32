import { domainKind } from "../../functions/enrich/email-domains.ts";
import { enrichLead } from "../../functions/enrich/enrich-lead.ts";
import type { EnrichedLead } from "../../functions/lead/enriched-lead.ts";
import { readLead } from "../../functions/sources/general-reader.ts";
import { LeadSource } from "../../local/senders/leads.ts";
import { readingOf } from "./reading.ts";

/** Made-up leads, the same for the same seed, as enrich makes them of what a website sends. */
export async function* madeUpLeads(seed: number, count: number, defaultCountry?: string): AsyncGenerator<EnrichedLead> {
  const source = new LeadSource(seed);
  const at = { receivedAt: new Date(0), enrichedAt: new Date(0) };
  const provenance = { id: `website-${"a".repeat(32)}`, source: "website", ...at, defaultCountry };
  for (let index = 0; index < count; index += 1) {
    yield enrichLead(readingOf(readLead, { ...source.next() }), provenance, domainKind);
  }
}
