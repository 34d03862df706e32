import { hash } from "node:crypto";
import { mapValues, omitBy } from "es-toolkit/object";
import { isUndefined } from "es-toolkit/predicate";
import { getDomain } from "tldts-icann";
import {
  checkEnrichedLead,
  type Details,
  type EnrichedLead,
  fittingDetails,
  schemaVersion,
} from "../lead/enriched-lead.ts";
import { type BoundedText, cut } from "../lead/text.ts";
import type { FieldName, Reading } from "../sources/reading.ts";
import { headcount, line, paragraphs, personName, webLink } from "./cleanse.ts";
import { countryCode, emailAddress, phoneNumber } from "./contact.ts";
import type { DomainKind } from "./email-domains.ts";
import { score } from "./score.ts";

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
  reading: Reading,
  provenance: Provenance,
  domainKind: (domain: string) => Promise<DomainKind>,
): Promise<EnrichedLead> {
  const fields = textsOf(reading);
  const country = countryCode(fields.country);
  const contact = emailAddress(fields.email);
  const mailbox = contact && { ...contact, ...(await domainKind(contact.domain)) };
  const { details, leftOut } = fittingDetails({
    crmId: line(fields.crmId, 200),
    url: webLink(fields.url, 2000),
    name: nameOf(fields),
    email: mailbox,
    phone: phoneNumber(fields.phone, country ?? provenance.defaultCountry),
    company: companyOf(fields, mailbox),
    country,
    jobTitle: line(fields.jobTitle, 200),
    message: paragraphs(fields.message, 5000),
    origin: line(fields.origin, 200),
  });
  const { email, phone } = details;
  return checkEnrichedLead(
    known({
      schemaVersion,
      id: provenance.id,
      source: provenance.source,
      receivedAt: provenance.receivedAt.toISOString(),
      enrichedAt: provenance.enrichedAt.toISOString(),
      ...details,
      country: details.country ?? phone?.country,
      fingerprint: fingerprint(email ? `email:${email.address}` : `phone:${phone?.e164}`),
      score: score(details),
      warnings: warningsOf(fields, details, leftOut),
    }),
  );
}

/** The best text of each field. */
type Fields = { readonly [Name in FieldName]?: BoundedText };

const textsOf = ({ fields }: Reading): Fields =>
  mapValues(fields as Required<Reading["fields"]>, ([best]) => best.text);

/** What a warning says of a field that was given and cannot be used. */
const unusable = {
  email: "not an email address",
  phone: "not a phone number, or without a country code",
  country: "unknown",
  url: "not a web address",
} as const;

function warningsOf(fields: Fields, details: Details, leftOut: readonly string[]): string[] {
  const named = Object.keys(unusable) as (keyof typeof unusable)[];
  return [
    ...named.filter((name) => fields[name] && !details[name]).map((name) => `${name}: ${unusable[name]}`),
    ...leftOut.filter((path) => !Object.hasOwn(unusable, path)).map((path) => `${path}: not usable`),
  ];
}

function nameOf(fields: Fields) {
  const first = personName(fields.firstName, 100);
  const last = personName(fields.lastName, 100);
  const full = [first, last].filter(Boolean).join(" ") || personName(fields.fullName, 200);
  return full ? known({ full: cut(full, 200), first, last }) : undefined;
}

function companyOf(fields: Fields, email: (DomainKind & { domain: string }) | undefined) {
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
const known = <T extends object>(entries: T) => omitBy(entries, isUndefined) as Known<T>;

type Known<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };
