import type { RawLead } from "../lead/raw-lead.ts";
import { type BoundedText, boundedText } from "../lead/text.ts";

/** The fields that Leadwire knows, by the names that an environment's `fields` uses. */
export const fieldNames = [
  "crmId",
  "url",
  "fullName",
  "firstName",
  "lastName",
  "email",
  "phone",
  "company",
  "website",
  "employees",
  "country",
  "jobTitle",
  "message",
  "origin",
  "owner",
  "ownerEmail",
  "utmSource",
  "utmMedium",
  "utmCampaign",
  "utmTerm",
  "utmContent",
  "landingPage",
  "consent",
  "language",
] as const;
export type FieldName = (typeof fieldNames)[number];

/** A text of a lead, not yet cleansed, and where it stands in the lead. */
export interface Found {
  readonly text: BoundedText;
  /** Such as `event.data.contacts[0].emails[0].email`. It is made of names and indices, and holds no value. */
  readonly path: string;
}

/** A question of a form and what the person answered. */
interface Answer {
  readonly label: BoundedText;
  readonly answer: BoundedText;
  readonly path: string;
}

/** What a reader finds in a lead. */
export interface Reading {
  /** What was found of each field, the best first. A field has several only where a lead can: email and phone. */
  readonly fields: { readonly [Name in FieldName]?: readonly [Found, ...Found[]] };
  /** The form's own questions, in their order. */
  readonly answers: readonly Answer[];
  /** Paths of values that nothing reads. */
  readonly unread: readonly string[];
  /** What was found and not taken, such as `company: two readings`. They hold no values. */
  readonly warnings: readonly string[];
  /** The record is a test, which its event does not say. @default false */
  readonly isTest?: boolean;
}

interface ReadingContext {
  /** The raw lead: the lead itself, or the event for which it was fetched. */
  readonly event: RawLead;
  /**
   * The environment's own fields of the source: a field's name, or the label of an answer, to its name or path in the lead.
   * @default none
   */
  readonly fields?: Readonly<Record<string, string>>;
}

/**
 * Finds the fields of a lead. It reads any JSON object and never throws.
 * @param lead the raw lead, or the record that was fetched for it
 */
export type Reader = (lead: RawLead, context: ReadingContext) => Reading;

/** A reading with a link to the lead's record, unless it has a link. @param url undefined when none can be made */
export function withLink(reading: Reading, url: string | undefined, path: string): Reading {
  const text = boundedText(url);
  return text && !reading.fields.url ? { ...reading, fields: { ...reading.fields, url: [{ text, path }] } } : reading;
}
