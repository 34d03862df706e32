import { enrichedKey, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { enrichedLead } from "../../tests/helpers/leads.ts";

/** The enriched lead in every enriched object. */
export const benchLead = enrichedLead({ id: webhookLeadId("website", "bench", 0) });
export const benchKey = enrichedKey(benchLead.id, new Date(0));
