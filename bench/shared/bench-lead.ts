import type { EnrichedLead } from "../../functions/lead/enriched-lead.ts";
import { enrichedKey, webhookLeadId } from "../../functions/lead/lead-id.ts";

/** The enriched lead in every enriched object. */
export const benchLead: EnrichedLead = {
  schemaVersion: 1,
  id: webhookLeadId("website", "bench", 0),
  source: "website",
  receivedAt: "2026-03-01T12:00:00.000Z",
  enrichedAt: "2026-03-01T12:00:01.000Z",
  crmId: "42",
  url: "https://crm.example.com/leads/42",
  name: { full: "Jane Roe", first: "Jane", last: "Roe" },
  email: { address: "jane.roe@acme.example", domain: "acme.example", freeMail: false, disposable: false },
  phone: { e164: "+4930123456", country: "DE" },
  company: { name: "Acme & Sons", domain: "acme.example", employees: 250 },
  country: "DE",
  jobTitle: "CTO",
  message: "Please call me <today>.",
  origin: "spring campaign",
  fingerprint: "f".repeat(32),
  score: 100,
  warnings: [],
};
export const benchKey = enrichedKey(benchLead.id, new Date(0));
