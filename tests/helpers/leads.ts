import { checkEnrichedLead, type EnrichedLead } from "../../functions/lead/enriched-lead.ts";

/** An enriched lead that has everything. */
export const enrichedLead = (changes: Partial<EnrichedLead> = {}): EnrichedLead => ({
  schemaVersion: 1,
  id: `website-${"a".repeat(32)}`,
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
  ...changes,
});

/** The least that an enriched lead can be. */
export const bareLead = (changes: Partial<EnrichedLead> = {}): EnrichedLead =>
  checkEnrichedLead({
    schemaVersion: 1,
    id: `file-${"b".repeat(32)}`,
    source: "file",
    receivedAt: "2026-03-01T12:00:00.000Z",
    enrichedAt: "2026-03-01T12:00:01.000Z",
    phone: { e164: "+4930123456" },
    fingerprint: "f".repeat(32),
    score: 0,
    warnings: [],
    ...changes,
  });
