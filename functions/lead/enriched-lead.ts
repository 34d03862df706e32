import * as yup from "yup";
import { leadIdPattern, sourceNamePattern } from "./lead-id.ts";
import { RejectedError } from "./rejection.ts";

/** Version of the enriched lead's shape. A reader rejects every other version. */
export const schemaVersion = 1;

/**
 * A field with a single check, and words for what it must be. yup would run each rule of a field as a test of its own, which
 * costs every lead time twice.
 */
const value = <T>(what: string, check: (value: unknown) => boolean) =>
  yup.mixed<T & {}>({ type: what, check: (given): given is T & {} => check(given) });

/** Half a surrogate pair cannot be encoded in a link, and would stop the announcement of the leads beside it. */
const isTextOf = (max: number, shape: RegExp) => (given: unknown) =>
  typeof given === "string" && given.length >= 1 && given.length <= max && given.isWellFormed() && shape.test(given);
const lineShape = /^\P{Cc}*$/u;
const line = (max: number) => value<string>(`a line of text of 1 to ${max} characters`, isTextOf(max, lineShape));
const lines = (max: number) =>
  value<string>(`a text without control characters of 1 to ${max} characters`, isTextOf(max, /^[\P{Cc}\n]*$/u));
const listOfLines = (most: number, max: number) =>
  value<string[]>(
    `a list of at most ${most} lines of text of 1 to ${max} characters`,
    (given) => Array.isArray(given) && given.length <= most && given.every(isTextOf(max, lineShape)),
  );
/** No text with a shape of its own is longer than an email address. */
const pattern = (what: string, shape: RegExp) => value<string>(what, isTextOf(254, shape));
const wholeNumber = (min: number, max: number) =>
  value<number>(`a whole number from ${min} to ${max}`, (given) => {
    return Number.isInteger(given) && Number(given) >= min && Number(given) <= max;
  });
const isoTime = () =>
  value<string>("an ISO 8601 time in UTC", (given) => {
    const time = isTextOf(24, /^\d{4}-/)(given) ? Date.parse(String(given)) : Number.NaN;
    return !Number.isNaN(time) && new Date(time).toISOString() === given;
  });
const countryCode = () => pattern("an ISO 3166-1 alpha-2 code", /^[A-Z]{2}$/);

const maxUrl = 2000;
/** A host can have no dot: the CRM may be inside the company's network. */
const isWebAddress = (given: unknown) =>
  typeof given === "string" && given.length <= maxUrl && /^https?:$/.test(URL.parse(given)?.protocol ?? "");

/** The fields that come from the lead's source. */
const details = {
  /** The source's own id of the lead. */
  crmId: line(200),
  /** The lead's page in the CRM. */
  url: value<string>(`an http or https address of at most ${maxUrl} characters`, isWebAddress),
  name: yup.object({ full: line(200).required(), first: line(100), last: line(100) }).default(undefined),
  email: yup
    .object({
      address: pattern("an email address of at most 254 characters", /^[^\s@"<>]+@[^\s@"<>]+$/).required(),
      domain: line(253).required(),
      /** A provider of free mailboxes, so the domain says nothing about a company. */
      freeMail: yup.boolean().required(),
      /** A provider of throw-away mailboxes. */
      disposable: yup.boolean().required(),
    })
    .default(undefined),
  phone: yup
    .object({
      /** E.164, such as +4930123456. */
      e164: pattern("a number in E.164", /^\+[1-9]\d{4,14}$/).required(),
      country: countryCode(),
    })
    .default(undefined),
  company: yup
    .object({
      name: line(200),
      /** Registrable domain, from the website or else from a company's email address. */
      domain: line(253),
      employees: wholeNumber(0, 99_999_999),
    })
    .default(undefined),
  country: countryCode(),
  jobTitle: line(200),
  /** With its line breaks. */
  message: lines(5000),
  /** Where the person came from: a campaign or a channel. */
  origin: line(200),
};

/**
 * The enriched lead, the same for every source: enrich writes it under `enriched/`, and all others read it. Texts are
 * trimmed, in Unicode NFC, without control characters. A lead has an email address or a phone number, or both.
 */
const enrichedLeadSchema = yup
  .object({
    schemaVersion: value<typeof schemaVersion>(String(schemaVersion), (given) => given === schemaVersion).required(),
    /** Lead id, which is also the correlation id. */
    id: pattern("a lead's id", new RegExp(`^${leadIdPattern}$`)).required(),
    source: pattern("a source's name", new RegExp(`^${sourceNamePattern}$`)).required(),
    receivedAt: isoTime().required(),
    enrichedAt: isoTime().required(),
    ...details,
    /** The same person, by email address or else by phone number, has the same fingerprint. */
    fingerprint: pattern("32 hex digits", /^[0-9a-f]{32}$/).required(),
    /** How promising the lead looks, by `functions/enrich/score.ts`. */
    score: wholeNumber(0, 100).required(),
    /** Fields that could not be used, such as `phone: not a phone number`. They never hold values. */
    warnings: listOfLines(50, 200).required(),
  })
  .required();

export type EnrichedLead = yup.InferType<typeof enrichedLeadSchema>;

/**
 * Checks the shape of an enriched lead. Fields that the shape does not know are kept.
 * @throws RejectedError NoContact when it has neither email nor phone, InvalidLead with every broken path and its rule
 */
export function checkEnrichedLead(lead: unknown): EnrichedLead {
  if (!fits(enrichedLeadSchema, lead)) {
    const broken = brokenRules(enrichedLeadSchema, lead).map(({ path, rule }) => `${path || "lead"} ${rule}`);
    throw new RejectedError("InvalidLead", `Not an enriched lead of version ${schemaVersion}: ${broken.join(", ")}.`);
  }
  const enriched = lead as EnrichedLead;
  if (enriched.email || enriched.phone) return enriched;
  throw new RejectedError("NoContact", "The lead has neither a usable email address nor a usable phone number.");
}

/** What does not fit: its path and its rule. yup's own messages would quote values, which are a person's data. */
function brokenRules(
  schema: yup.Schema,
  given: unknown,
  path = "",
): { readonly path: string; readonly rule: string }[] {
  if (fits(schema, given)) return [];
  if (!(schema instanceof yup.ObjectSchema) || !schema.isType(given)) {
    return [{ path, rule: given === undefined || given === null ? "is missing" : `must be ${schema.type}` }];
  }
  return fieldsOf(schema).flatMap(([name, field]) =>
    brokenRules(field, (given as Record<string, unknown>)[name], path === "" ? name : `${path}.${name}`),
  );
}

/**
 * Whether each field is of its type, which is the only rule of a field. yup's validation gives the same answer, but takes
 * twenty times as long because it collects what is wrong.
 */
function fits(schema: yup.Schema, given: unknown): boolean {
  if (!schema.isType(given)) return false;
  if (!(schema instanceof yup.ObjectSchema) || given === undefined) return true;
  return fieldsOf(schema).every(([name, field]) => fits(field, (given as Record<string, unknown>)[name]));
}

const detailsSchema = yup.object(details);

export type Details = Partial<yup.InferType<typeof detailsSchema>>;

/**
 * The details that fit the enriched lead's schema, so that a bad field never rejects its lead. What does not fit is left out:
 * a part of a field where the field can be without it, and otherwise the whole field.
 * @param draft every detail, as far as it is known
 * @returns the details, and the paths of what was left out
 */
export function fittingDetails(draft: { readonly [Name in keyof Details]-?: unknown }): {
  readonly details: Details;
  readonly leftOut: readonly string[];
} {
  // Nearly every lead fits, and copies of it would cost as much as the check.
  if (fits(detailsSchema, draft)) return { details: draft as Details, leftOut: [] };
  const details = (fittingPart(detailsSchema, draft) ?? {}) as Details;
  const leftOut = brokenRules(detailsSchema, draft).map(({ path }) => {
    const [name = ""] = path.split(".");
    return name in details ? path : name;
  });
  return { details, leftOut: [...new Set(leftOut)] };
}

/** What of a value fits: all of it, the fields that it can be of, or nothing. */
function fittingPart(schema: yup.Schema, given: unknown): unknown {
  if (fits(schema, given)) return given;
  if (!(schema instanceof yup.ObjectSchema) || !schema.isType(given)) return undefined;
  const parts = fieldsOf(schema).map(([name, field]) => {
    return [name, fittingPart(field, (given as Record<string, unknown>)[name])] as const;
  });
  const rest = Object.fromEntries(parts.filter(([, part]) => part !== undefined));
  return fits(schema, rest) && Object.keys(rest).length > 0 ? rest : undefined;
}

const fieldsOf = (schema: yup.ObjectSchema<yup.AnyObject>) =>
  Object.entries(schema.fields as Record<string, yup.Schema>);
