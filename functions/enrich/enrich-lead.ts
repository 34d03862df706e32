import { hash } from "node:crypto";
import { getDomain } from "tldts-icann";
import { checkEnrichedLead, type EnrichedLead, schemaVersion } from "../lead/enriched-lead.ts";
import { cut } from "../lead/text.ts";
import type { Fields } from "../sources/general-reader.ts";
import { headcount, line, paragraphs, personName, webLink } from "./cleanse.ts";
import { countryCode, emailAddress, phoneNumber } from "./contact.ts";
import type { DomainKind } from "./email-domains.ts";
import { type Scored, score } from "./score.ts";

/** What is known of a lead besides its fields. */
export interface Provenance {
  readonly id: string;
  readonly source: string;
  readonly receivedAt: Date;
  readonly enrichedAt: Date;
  /** ISO 3166-1 alpha-2; for phone numbers of leads that name no country. */
  readonly defaultCountry: string | undefined;
}

/**
 * Cleanses the fields of a lead and adds what can be derived from them. A field that cannot be used is left out and named
 * in `warnings`.
 * @throws RejectedError NoContact, InvalidLead
 */
export async function enrichLead(
  fields: Fields,
  provenance: Provenance,
  domainKind: (domain: string) => Promise<DomainKind>,
): Promise<EnrichedLead> {
  const givenCountry = countryCode(fields.country);
  const contact = emailAddress(fields.email);
  const email = contact && { ...contact, ...(await domainKind(contact.domain)) };
  const phone = phoneNumber(fields.phone, givenCountry ?? provenance.defaultCountry);
  const country = givenCountry ?? phone?.country;
  const company = companyOf(fields, email);
  const jobTitle = line(fields.jobTitle, 200);
  const message = paragraphs(fields.message, 5000);
  const url = webLink(fields.url, 2000);
  return checkEnrichedLead(
    known({
      schemaVersion,
      id: provenance.id,
      source: provenance.source,
      receivedAt: provenance.receivedAt.toISOString(),
      enrichedAt: provenance.enrichedAt.toISOString(),
      crmId: line(fields.crmId, 200),
      url,
      name: nameOf(fields),
      email,
      phone,
      company,
      country,
      jobTitle,
      message,
      origin: line(fields.origin, 200),
      fingerprint: fingerprint(email ? `email:${email.address}` : `phone:${phone?.e164}`),
      score: score({ email, phone, company, jobTitle, message }),
      warnings: [
        ...(fields.email && !email ? ["email: not an email address"] : []),
        ...(fields.phone && !phone ? ["phone: not a phone number, or without a country code"] : []),
        ...(fields.country && !givenCountry ? ["country: unknown"] : []),
        ...(fields.url && !url ? ["url: not a web address"] : []),
      ],
    }),
  );
}

function nameOf(fields: Fields) {
  const first = personName(fields.firstName, 100);
  const last = personName(fields.lastName, 100);
  const full = [first, last].filter(Boolean).join(" ") || personName(fields.fullName, 200);
  return full ? known({ full: cut(full, 200), first, last }) : undefined;
}

function companyOf(fields: Fields, email: (DomainKind & { domain: string }) | undefined): Scored["company"] {
  const ownMailbox = email && !email.freeMail && !email.disposable;
  const company = known({
    name: line(fields.company, 200),
    domain: domainOf(line(fields.website, 500)) ?? (ownMailbox ? domainOf(email.domain) : undefined),
    employees: headcount(fields.employees),
  });
  return Object.keys(company).length > 0 ? company : undefined;
}

/** The registrable domain (example.co.uk) of a web address or host name. */
const domainOf = (text: string | undefined) => getDomain(text?.toLowerCase() ?? "") ?? undefined;

const fingerprint = (text: string) => hash("sha256", text).slice(0, 32);

/** The entries that have a value. */
function known<T extends object>(entries: T): Known<T> {
  const kept: Partial<T> = {};
  for (const name in entries) if (entries[name] !== undefined) kept[name] = entries[name];
  return kept as Known<T>;
}

type Known<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };
