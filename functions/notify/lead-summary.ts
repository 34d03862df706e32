import { memoize } from "es-toolkit/function";
import type { EnrichedLead } from "../lead/enriched-lead.ts";

/** A detail of a lead that every channel shows, as plain text. The channel escapes it. */
export interface LeadDetail {
  readonly label: string;
  readonly value: string;
  readonly href?: string;
}

/** A lead that is to be announced. */
export interface LeadToAnnounce {
  readonly lead: EnrichedLead;
  /** It may have been announced before, and the announcement says so. */
  readonly mayBeRepeat: boolean;
}

/** One lead or more for one message. */
export type LeadsToAnnounce = readonly [LeadToAnnounce, ...LeadToAnnounce[]];

/** The leads by score, the highest first, and then by the time at which they were received, the earliest first. */
export const byScore = <One extends LeadToAnnounce>(leads: readonly One[]): One[] =>
  leads.toSorted((a, b) => b.lead.score - a.lead.score || (a.lead.receivedAt < b.lead.receivedAt ? -1 : 1));

let regions: Intl.DisplayNames | undefined;

/** The country's English name. The table of names is made with the first lead, because it costs milliseconds. */
const countryName = memoize((code: string) => {
  regions ??= new Intl.DisplayNames(["en"], { type: "region" });
  return regions.of(code) ?? code;
});

/** The lead in a few words: who it is, and the company or else the country. */
export function headline(lead: EnrichedLead): string {
  const who = lead.name?.full ?? lead.email?.address ?? lead.phone?.e164 ?? "somebody";
  const where = lead.company?.name ?? lead.company?.domain ?? (lead.country && countryName(lead.country));
  return where ? `${who}, ${where}` : who;
}

/** A mailto link. An address can hold `?` and `&`, which the link must not take for more recipients, a subject or a text. */
function mailto(address: string): string {
  const at = address.lastIndexOf("@");
  return `mailto:${encodeURIComponent(address.slice(0, at))}@${address.slice(at + 1)}`;
}

/** The details that are known. Those to act on come first. */
export function details(lead: EnrichedLead): LeadDetail[] {
  const { email, phone, company } = lead;
  const mailbox = email?.disposable ? " (throw-away address)" : email?.freeMail ? " (free mail)" : "";
  const size = company?.employees === undefined ? "" : ` (${company.employees} people or more)`;
  const companyName = [company?.name, company?.domain && company.name ? `(${company.domain})` : company?.domain];
  return [
    email && { label: "Email", value: email.address + mailbox, href: mailto(email.address) },
    phone && { label: "Phone", value: phone.e164, href: `tel:${phone.e164}` },
    company && { label: "Company", value: `${companyName.filter(Boolean).join(" ")}${size}`.trim() },
    lead.jobTitle && { label: "Job title", value: lead.jobTitle },
    lead.country && { label: "Country", value: countryName(lead.country) },
    { label: "Source", value: lead.origin ? `${lead.source}: ${lead.origin}` : lead.source },
  ].filter((detail) => typeof detail === "object");
}
