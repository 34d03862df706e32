import type { RawLead } from "../shared/lead-body.ts";

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
} as const;

export type FieldName = keyof typeof aliases;

/** The fields that were found, as text and not yet cleansed. */
export type Fields = Readonly<Partial<Record<FieldName, string>>>;

/** Finds the known fields of a raw lead. Texts and finite numbers are values; anything nested is left aside. */
export function readFields(lead: RawLead): Fields {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(lead)) {
    const text = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
    const known = name.toLowerCase().replace(/[^a-z0-9]/g, "");
    if (typeof text === "string" && text.trim() !== "" && !values.has(known)) values.set(known, text);
  }
  const found = Object.entries(aliases).flatMap(([field, names]) => {
    const name = names.find((candidate) => values.has(candidate));
    return name === undefined ? [] : [[field, values.get(name)]];
  });
  return Object.fromEntries(found);
}
