import { isPlainObject } from "es-toolkit/predicate";
import type { RawLead } from "../lead/raw-lead.ts";
import { type BoundedText, boundedText } from "../lead/text.ts";

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
};

/** The fields that Leadwire knows, as far as a lead has them: as bounded texts, not yet cleansed. */
export type Fields = { readonly [Name in keyof typeof aliases]?: BoundedText | undefined };

/**
 * Finds the known fields of a lead. It reads any JSON object and never throws.
 * @param lead the raw lead, or the record that was fetched for it
 * @param event the raw lead
 */
export type Reader = (lead: RawLead, event: RawLead) => Fields;

/** A field with a longer name is not looked at. */
const maxNameLength = 100;

/** The field of each alias, and the alias's rank in it: the lowest counts. */
const byAlias = new Map(
  Object.entries(aliases).flatMap(([field, names]) => names.map((name, rank) => [name, { field, rank }] as const)),
);

/**
 * Reads leads of any source by the names of their fields. Texts and finite numbers are values; anything nested is left
 * out, except the lead in an envelope: earlier versions stored some leads with theirs.
 */
export function readLead(lead: RawLead): Fields {
  const [content, ...others] = isEnvelope(lead) ? [lead.data].flat() : [];
  return isPlainObject(content) && others.length === 0 ? readLead(content as RawLead) : fieldsOf(lead);
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
  const { email, phone } = fieldsOf(value as RawLead);
  return email === undefined && phone === undefined;
}

function fieldsOf(lead: RawLead): Fields {
  const fields: Partial<Record<string, BoundedText>> = {};
  const ranks: Partial<Record<string, number>> = {};
  for (const [name, value] of Object.entries(lead)) {
    if (name.length > maxNameLength) continue;
    const alias = byAlias.get(name.toLowerCase().replace(/[^a-z0-9]/g, ""));
    if (!alias || alias.rank >= (ranks[alias.field] ?? Number.POSITIVE_INFINITY)) continue;
    const text = boundedText(value);
    if (!text) continue;
    fields[alias.field] = text;
    ranks[alias.field] = alias.rank;
  }
  return fields;
}
