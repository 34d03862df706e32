import { checkEnrichedLead, type EnrichedLead } from "../../functions/lead/enriched-lead.ts";

/** An enriched lead that has everything but the mark of a test. */
export const enrichedLead = (changes: Partial<EnrichedLead> = {}): EnrichedLead => ({
  schemaVersion: 2,
  id: `website-${"a".repeat(32)}`,
  source: "website",
  sourceTitle: "Our website",
  receivedAt: "2026-03-01T12:00:00.000Z",
  enrichedAt: "2026-03-01T12:00:01.000Z",
  crmId: "42",
  url: "https://crm.example.com/leads/42",
  name: { full: "Jane Roe", first: "Jane", last: "Roe" },
  email: { address: "jane.roe@acme.example", domain: "acme.example", freeMail: false, disposable: false },
  phone: { e164: "+4930123456", country: "DE", extension: "42" },
  otherEmails: ["jane@roe.example"],
  otherPhones: [{ e164: "+12025550143", country: "US", extension: "7" }],
  company: { name: "Acme & Sons", domain: "acme.example", employees: 250 },
  country: "DE",
  jobTitle: "CTO",
  message: "Please call me <today>.",
  origin: "spring campaign",
  owner: { name: "Sam Sales", email: "sam@vendor.example" },
  utm: { source: "google", medium: "cpc", campaign: "spring", term: "crm", content: "banner" },
  landingPage: "https://www.vendor.example/demo?a=b",
  consent: { given: true, text: "You may call me." },
  language: "de",
  answers: [{ label: "How many seats?", answer: "12" }],
  urlAllowed: true,
  fingerprint: "f".repeat(32),
  score: 100,
  scoreReasons: ["company address"],
  warnings: [],
  foundAt: { email: "contact.emails[0].email", "company.name": "contact.company" },
  unreadFields: 3,
  ...changes,
});

/** An enriched lead of version 1 with the required fields and a phone number, and nothing else. */
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
