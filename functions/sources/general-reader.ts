import { isPlainObject } from "es-toolkit/predicate";
import type { RawLead } from "../lead/raw-lead.ts";
import { boundedText } from "../lead/text.ts";
import type { FieldName, Found, Reader, Reading } from "./reading.ts";

/**
 * The names under which CRMs and forms send a field, in lower case without separators; the first that holds a value
 * counts. Names are compared after removing everything but letters and digits: `First Name`, `first_name` and
 * `firstName` are one.
 */
const aliases = {
  crmId: ["id", "leadid", "contactid", "recordid", "objectid"],
  fullName: ["name", "fullname", "displayname", "contactname"],
  firstName: ["firstname", "givenname", "forename"],
  lastName: ["lastname", "familyname", "surname"],
  email: ["email", "emailaddress", "workemail", "businessemail", "mail"],
  phone: ["phone", "phonenumber", "telephone", "mobile", "mobilephone", "mobilenumber", "workphone"],
  company: ["company", "companyname", "organization", "organisation", "account", "accountname"],
  website: ["website", "companydomain", "companywebsite", "domain"],
  employees: ["employees", "numberofemployees", "companysize", "numemployees"],
  country: ["country", "countrycode", "countryname"],
  jobTitle: ["jobtitle", "title", "role", "position"],
  message: ["message", "notes", "note", "comment", "comments", "description"],
  origin: ["origin", "leadsource", "source", "campaign", "utmcampaign", "hsanalyticssource"],
  url: ["url", "link", "crmurl", "recordurl"],
} as const satisfies { readonly [Name in FieldName]?: readonly string[] };

/** A field with a longer name is not looked at. */
const maxNameLength = 100;

/** The field of each alias, and the alias's rank in it: the lowest counts. */
const byAlias = new Map<string, { readonly field: FieldName; readonly rank: number }>(
  Object.entries(aliases).flatMap(([field, names]) =>
    names.map((name, rank) => [name, { field: field as FieldName, rank }] as const),
  ),
);

/**
 * Reads leads of any source by the names of their fields. Texts and finite numbers are values; anything nested is left
 * out, except the lead in an envelope: earlier versions stored some leads with theirs.
 */
export const readLead: Reader = (lead) => readAt(lead, "");

function readAt(lead: RawLead, place: string): Reading {
  if (!isEnvelope(lead)) return readingOf(lead, place);
  const [content, ...others] = [lead.data].flat();
  const isOne = isPlainObject(content) && others.length === 0;
  const inner = Array.isArray(lead.data) ? `${place}data[0].` : `${place}data.`;
  return isOne ? readAt(content as RawLead, inner) : readingOf(lead, place);
}

/**
 * Whether a value is an envelope around a lead or a list of leads, as Standard Webhooks have it: an object with `type` and
 * `data`. A lead can have fields of these names too; then an email address or phone number stands beside them, or `data` holds
 * only texts and numbers.
 */
export function isEnvelope(value: unknown): value is RawLead {
  if (!isPlainObject(value) || !("type" in value)) return false;
  const data = [value.data].flat();
  if (data.length > 0 && !data.some((item) => typeof item === "object" && item !== null)) return false;
  const { email, phone } = readingOf(value as RawLead, "").fields;
  return email === undefined && phone === undefined;
}

/** @param place the lead's path and a dot; empty for a lead that is not nested */
function readingOf(lead: RawLead, place: string): Reading {
  const fields: { [Name in FieldName]?: [Found] } = {};
  const ranks: Partial<Record<FieldName, number>> = {};
  const unread: string[] = [];
  for (const [name, value] of Object.entries(lead)) {
    const path = `${place}${name}`;
    const alias = name.length > maxNameLength ? undefined : byAlias.get(name.toLowerCase().replace(/[^a-z0-9]/g, ""));
    const text = boundedText(value);
    if (!alias || !text || alias.rank >= (ranks[alias.field] ?? Number.POSITIVE_INFINITY)) {
      if (text) unread.push(path);
      continue;
    }
    const [replaced] = fields[alias.field] ?? [];
    if (replaced) unread.push(replaced.path);
    fields[alias.field] = [{ text, path }];
    ranks[alias.field] = alias.rank;
  }
  return { fields, answers: [], unread, warnings: [] };
}
