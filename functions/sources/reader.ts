import type { RawLead } from "../lead/raw-lead.ts";

/** Names of the fields that Leadwire knows. */
export type FieldName =
  | "crmId"
  | "fullName"
  | "firstName"
  | "lastName"
  | "email"
  | "phone"
  | "company"
  | "website"
  | "employees"
  | "country"
  | "jobTitle"
  | "message"
  | "origin"
  | "url";

/** The fields that were found, as text and not yet cleansed. */
export type Fields = Readonly<Partial<Record<FieldName, string>>>;

/** Finds the known fields of a raw lead. It reads any JSON object and never throws. */
export type Reader = (lead: RawLead) => Fields;
