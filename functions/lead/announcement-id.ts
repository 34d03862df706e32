import { hash as hashOf } from "node:crypto";
import type { EnrichedLead } from "./enriched-lead.ts";

/** The destination of smoke tests, and the channel that announces them: nothing is posted. */
export const nobody = "nobody";

/**
 * The ledger's id of an announcement at a destination. The content is the whole lead without its times. So a replay, or the
 * same file dropped again on another day, is the same announcement, and a lead that was corrected is another one.
 */
export function announcementId(
  { enrichedAt: _enriched, receivedAt: _received, ...content }: EnrichedLead,
  destination: string,
): string {
  const hash = hashOf("sha256", JSON.stringify(content));
  return `${content.id}#${destination}#${hash.slice(0, 16)}`;
}
