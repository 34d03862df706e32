import { hash } from "node:crypto";
import { uniqBy } from "es-toolkit/array";
import {
  checkEnrichedLead,
  type Details,
  detailNames,
  type EnrichedLead,
  enrichedLeadSchema,
  fittingDetails,
  schemaVersion,
} from "../lead/enriched-lead.ts";
import { type BoundedText, boundedText } from "../lead/text.ts";
import { once } from "../runtime/once.ts";
import type { FieldName, Found, Reading } from "../sources/reading.ts";
import { headcount, line, paragraphs, personName, webLink } from "./cleanse.ts";
import { companyDomain } from "./company-domain.ts";
import { emailAddresses } from "./contact.ts";
import { countryCode } from "./countries.ts";
import type { DomainKind } from "./email-domains.ts";
import { withoutEntities } from "./entities.ts";
import { namesIn } from "./names.ts";
import { draftOf, type Placed, pathsOf } from "./placed.ts";
import { consentIn, languageIn } from "./preferences.ts";
import { score } from "./score.ts";

/** Addresses in the leads of Meta's testing tool, which are like other leads to the webhook. https://developers.facebook.com/tools/lead-ads-testing */
const testAddresses: ReadonlySet<string> = new Set(["test@fb.com", "test@meta.com"]);

/** What is known of a lead besides its fields. */
export interface Provenance {
  readonly id: string;
  readonly source: string;
  /** What people call the source, such as `Google Ads`. */
  readonly sourceTitle?: string | undefined;
  /** Whether the sender marked the lead as a test. @default false */
  readonly isTest?: boolean | undefined;
  readonly receivedAt: Date;
  readonly enrichedAt: Date;
  /** ISO 3166-1 alpha-2; for phone numbers of leads that name no country. */
  readonly defaultCountry: string | undefined;
  /** Hosts of the CRM's pages. A leading dot allows every subdomain. @default none */
  readonly crmHosts?: readonly string[] | undefined;
}

type Fields = Reading["fields"];

const short = (text: BoundedText) => line(text, 200);
const link = (text: BoundedText) => webLink(text, 2000);

/** What is read from one field alone: its place, the field, and how. */
const singleFields: readonly (readonly [place: string, field: FieldName, read: (text: BoundedText) => unknown])[] = [
  ["crmId", "crmId", short],
  ["url", "url", link],
  ["company.name", "company", short],
  ["company.employees", "employees", headcount],
  ["jobTitle", "jobTitle", short],
  ["message", "message", (text) => paragraphs(text, 5000)],
  ["origin", "origin", short],
  ["owner.name", "owner", (text) => personName(text, 200)],
  ["owner.email", "ownerEmail", (text) => emailAddresses(text)[0]?.address],
  ["utm.source", "utmSource", short],
  ["utm.medium", "utmMedium", short],
  ["utm.campaign", "utmCampaign", short],
  ["utm.term", "utmTerm", short],
  ["utm.content", "utmContent", short],
  ["landingPage", "landingPage", link],
  ["consent", "consent", consentIn],
  ["language", "language", languageIn],
];

/** The fields of an enriched lead besides its details, which are checked before. */
const addedSchema = enrichedLeadSchema.omit(detailNames);

/**
 * Cleanses the fields of a lead and adds what can be derived from them. A field that cannot be used is left out and named
 * in `warnings`.
 * @throws RejectedError NoContact, InvalidLead
 */
export async function enrichLead(
  given: Reading,
  provenance: Provenance,
  domainKind: (domain: string) => Promise<DomainKind>,
): Promise<EnrichedLead> {
  const reading = await withoutEntities(given);
  const placed = await placedValues(reading, provenance.defaultCountry, domainKind);
  const { details, leftOut } = fittingDetails(draftOf(placed));
  const { id, source, sourceTitle, isTest, receivedAt, enrichedAt, crmHosts = [] } = provenance;
  const { email, phone, url } = details;
  const { points, reasons } = score(details);
  const isTestLead = isTest || (email && testAddresses.has(email.address));
  return checkEnrichedLead(
    {
      schemaVersion,
      id,
      source,
      ...(sourceTitle !== undefined && { sourceTitle }),
      ...(isTestLead && { test: true }),
      receivedAt: receivedAt.toISOString(),
      enrichedAt: enrichedAt.toISOString(),
      ...details,
      ...(url && { urlAllowed: isOnHost(url, crmHosts) }),
      fingerprint: fingerprint(email ? `email:${email.address}` : `phone:${phone?.e164}`),
      score: points,
      scoreReasons: reasons,
      warnings: warningsOf(reading, details, leftOut),
      foundAt: pathsOf(placed, leftOut),
      unreadFields: reading.unread.length,
    },
    addedSchema,
  );
}

async function placedValues(
  { fields, answers }: Reading,
  defaultCountry: string | undefined,
  domainKind: (domain: string) => Promise<DomainKind>,
): Promise<readonly Placed[]> {
  const country = await countryCode(fields.country?.[0].text);
  const emails = eachIn(fields.email, emailAddresses, ({ address }) => address);
  const [email] = emails;
  const [phones, ...kinds] = await Promise.all([
    phonesIn(fields, country, defaultCountry),
    ...emails.map(({ value }) => domainKind(value.domain)),
  ]);
  const atCompany = emails.find((_, index) => !kinds[index]?.freeMail && !kinds[index]?.disposable);
  const ofOneField: Placed[] = [];
  for (const [place, field, read] of singleFields) {
    const found = fields[field]?.[0];
    if (found) ofOneField.push({ place, value: read(found.text), path: found.path });
  }
  return [
    ...ofOneField,
    ...utmInAddress(fields),
    ...namesIn(fields),
    { place: "email", value: email && { ...email.value, ...kinds[0] }, path: email?.path },
    ...emails
      .slice(1)
      .map(({ value, path }, index) => ({ place: `otherEmails[${index}]`, value: value.address, path })),
    { place: "phone", value: phones[0]?.value, path: phones[0]?.path },
    ...phones.slice(1).map((phone, index) => ({ place: `otherPhones[${index}]`, ...phone })),
    companyDomain(fields, atCompany?.value.domain),
    // A country that was named and not understood is not guessed.
    fields.country
      ? { place: "country", value: country, path: fields.country[0].path }
      : { place: "country", value: phones[0]?.value.country },
    ...answers.slice(0, maxAnswers).map(({ label, answer, path }, index) => {
      return { place: `answers[${index}]`, value: { label: line(label, 150), answer: paragraphs(answer, 1000) }, path };
    }),
  ];
}

/** The UTM values in the landing page's address, if the lead has none of its own. */
function utmInAddress(fields: Fields): Placed[] {
  const [page] = fields.landingPage ?? [];
  const parameters = page && URL.parse(page.text)?.searchParams;
  if (!parameters || singleFields.some(([place, field]) => place.startsWith("utm.") && fields[field])) return [];
  return ["source", "medium", "campaign", "term", "content"].flatMap((name) => {
    const value = line(boundedText(parameters.get(`utm_${name}`)), 200);
    return value ? [{ place: `utm.${name}`, value, path: page.path }] : [];
  });
}

/** The metadata of all numbering plans is large. */
const loadPhone = once(() => import("./phone.ts"));

const maxAnswers = 20;
/** Further addresses or numbers. */
const maxOthers = 5;

/** The values in each text of a field, the first of all first, each one once. */
function eachIn<T>(
  found: readonly Found[] = [],
  read: (text: BoundedText) => readonly T[],
  keyOf: (value: T) => string,
) {
  const all = found.flatMap(({ text, path }) => read(text).map((value) => ({ value, path })));
  return uniqBy(all, ({ value }) => keyOf(value)).slice(0, 1 + maxOthers);
}

async function phonesIn(
  { phone, country: named }: Fields,
  country: string | undefined,
  defaultCountry: string | undefined,
) {
  if (!phone) return [];
  const { phoneNumbers } = await loadPhone();
  const dialledFrom = named ? country : defaultCountry;
  const from = dialledFrom ? { country: dialledFrom, named: named !== undefined } : undefined;
  return eachIn(
    phone,
    (text) => phoneNumbers(text, from),
    ({ e164 }) => e164,
  );
}

/** What a warning says of a field that was given and cannot be used. */
const unusable = {
  email: "not an email address",
  phone: "not a phone number, or without a country code",
  country: "unknown",
  url: "not a web address",
  consent: "not understood",
} as const satisfies { readonly [Name in FieldName & keyof Details]?: string };

function warningsOf({ fields, warnings }: Reading, details: Details, leftOut: readonly string[]): string[] {
  const named = Object.keys(unusable) as (keyof typeof unusable)[];
  return [
    ...named.filter((name) => fields[name] && !details[name]).map((name) => `${name}: ${unusable[name]}`),
    ...(fields.employees && details.company?.employees === undefined
      ? ["company.employees: not a number of people"]
      : []),
    ...leftOut.filter((path) => !Object.hasOwn(unusable, path)).map((path) => `${path}: not usable`),
    ...warnings.flatMap((warning) => line(boundedText(warning), 200) ?? []),
  ].slice(0, 50);
}

function isOnHost(url: string, hosts: readonly string[]): boolean {
  return hosts.some((host) => {
    const { hostname } = new URL(url);
    return host.startsWith(".") ? hostname.endsWith(host) : hostname === host;
  });
}

const fingerprint = (text: string) => hash("sha256", text).slice(0, 32);
