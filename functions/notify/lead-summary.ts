import type { EnrichedLead } from "../lead/enriched-lead.ts";

/** What Slack and email both show of a lead, as plain text: escaping is up to whoever shows it. */
export interface LeadDetail {
  readonly label: string;
  readonly value: string;
  readonly href?: string;
}

/** A lead that is being announced. */
export interface Told {
  readonly lead: EnrichedLead;
  /** It may have been announced before, and the announcement says so. */
  readonly mayBeRepeat: boolean;
}

/** The most promising lead first; equal ones in the order in which they came in. */
export const best = (told: readonly Told[]) =>
  told.toSorted((a, b) => b.lead.score - a.lead.score || (a.lead.receivedAt < b.lead.receivedAt ? -1 : 1));

let regions: Intl.DisplayNames | undefined;

/** Made with the first lead: it costs milliseconds that a cold start need not wait for. */
const countryName = (code: string) => {
  regions ??= new Intl.DisplayNames(["en"], { type: "region" });
  return regions.of(code) ?? code;
};

/** The lead in a few words: who, and of which company or from which country. */
export function headline(lead: EnrichedLead): string {
  const who = lead.name?.full ?? lead.email?.address ?? lead.phone?.e164 ?? "somebody";
  const where = lead.company?.name ?? lead.company?.domain ?? (lead.country && countryName(lead.country));
  return where ? `${who}, ${where}` : who;
}

/** `?` and `&` may stand in an address, where a link must not read them as further recipients, a subject or a text. */
function mailto(address: string): string {
  const at = address.lastIndexOf("@");
  return `mailto:${encodeURIComponent(address.slice(0, at))}@${address.slice(at + 1)}`;
}

/** The details that are known, the ones to act on first. */
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
