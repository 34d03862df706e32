import { isPlainObject } from "es-toolkit/predicate";
import * as yup from "yup";
import { leadIdPattern, sourceNamePattern } from "./lead-id.ts";

declare module "yup" {
  interface CustomSchemaMetadata {
    /** What a field of a record means, for docs/ and the JSON Schema. */
    readonly meaning?: string;
    /** Whether the value says something of a person or leads to one. Every field with a meaning decides it. */
    readonly personal?: boolean;
    /** What the JSON Schema says of a field besides its type's own words. */
    readonly json?: Readonly<Record<string, unknown>>;
    /** The schema of each entry of a list. */
    readonly items?: yup.Schema;
    /** The text is a time, which JSON has no type for. */
    readonly isTime?: true;
  }
}

/** Metadata of a field: what it means, and that its value says nothing of a person. */
export const about = (meaning: string) => ({ meaning, personal: false });
/** Metadata of a field: what it means, and that its value says something of a person or leads to one. */
export const personal = (meaning: string) => ({ meaning, personal: true });

/**
 * A field with a single check, and words for what it must be. yup would run each rule of a field as a test of its own, which
 * costs every lead time twice.
 * @param json the same check in JSON Schema
 */
export const value = <T>(what: string, json: Readonly<Record<string, unknown>>, check: (value: unknown) => boolean) =>
  yup.mixed<T & {}>({ type: what, check: (given): given is T & {} => check(given) }).meta({ json });

/** Half a surrogate pair cannot be encoded in a link, and would stop the announcement of the leads beside it. */
const isTextOf = (max: number, shape: RegExp) => (given: unknown) =>
  typeof given === "string" && given.length >= 1 && given.length <= max && given.isWellFormed() && shape.test(given);
const text = (what: string, max: number, shape: RegExp) =>
  value<string>(what, { type: "string", minLength: 1, maxLength: max, pattern: shape.source }, isTextOf(max, shape));
const lineShape = /^\P{Cc}*$/u;
export const line = (max: number) => text(`a line of text of 1 to ${max} characters`, max, lineShape);
export const lines = (max: number) =>
  text(`a text without control characters of 1 to ${max} characters`, max, /^[\P{Cc}\n]*$/u);
/** No text with a shape of its own is longer than an email address. */
export const pattern = (what: string, shape: RegExp) => text(what, 254, shape);
export const leadId = () => pattern("a lead's id", new RegExp(`^${leadIdPattern}$`));
export const sourceName = () => pattern("a source's name", new RegExp(`^${sourceNamePattern}$`));
export const wholeNumber = (min: number, max: number) =>
  value<number>(
    `a whole number from ${min} to ${max}`,
    { type: "integer", minimum: min, maximum: max },
    (given) => Number.isInteger(given) && Number(given) >= min && Number(given) <= max,
  );
export const flag = () => value<boolean>("true or false", { type: "boolean" }, (given) => typeof given === "boolean");
/** True or absent. */
export const mark = () => value<true>("true", { type: "boolean", const: true }, (given) => given === true);
const timeShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const isoTime = () =>
  value<string>("an ISO 8601 time in UTC", { type: "string", pattern: timeShape.source }, (given) => {
    const time = isTextOf(24, timeShape)(given) ? Date.parse(String(given)) : Number.NaN;
    return !Number.isNaN(time) && new Date(time).toISOString() === given;
  }).meta({ isTime: true });
export const countryCode = () => pattern("an ISO 3166-1 alpha-2 code", /^[A-Z]{2}$/);
export const emailAddress = () => pattern("an email address of at most 254 characters", /^[^\s@"<>]+@[^\s@"<>]+$/);

const maxUrl = 2000;
/** A host can have no dot: the CRM may be inside the company's network. */
export const webAddress = () =>
  value<string>(
    `an http or https address of at most ${maxUrl} characters`,
    { type: "string", maxLength: maxUrl, pattern: "^https?://" },
    (given) => typeof given === "string" && given.length <= maxUrl && /^https?:\/\//.test(given) && URL.canParse(given),
  );

/** @param entries what the entries are, for the words of a broken rule */
export const list = <T extends yup.Schema>(most: number, entries: string, items: T) =>
  value<yup.InferType<T>[]>(
    `a list of at most ${most} ${entries}`,
    { type: "array", maxItems: most },
    (given) => Array.isArray(given) && given.length <= most && given.every((one) => fits(items, one)),
  ).meta({ items });
export const listOfLines = (most: number, max: number) =>
  list(most, `lines of text of 1 to ${max} characters`, line(max).required());

/** A field's place in the enriched lead: `email`, `company.name`, `otherPhones[0]`. */
const placeShape = /^[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*|\[\d{1,2}\])*$/;
const maxPath = 300;
const maxPlaces = 80;
export const paths = () =>
  value<Record<string, string>>(
    `at most ${maxPlaces} paths of 1 to ${maxPath} characters by field`,
    {
      type: "object",
      maxProperties: maxPlaces,
      propertyNames: { pattern: placeShape.source },
      additionalProperties: { type: "string", minLength: 1, maxLength: maxPath, pattern: lineShape.source },
    },
    (given) =>
      isPlainObject(given) &&
      Object.keys(given).length <= maxPlaces &&
      Object.entries(given).every(([place, path]) => placeShape.test(place) && isTextOf(maxPath, lineShape)(path)),
  );

/**
 * Whether each field is of its type, which is the only rule of a field. yup's validation gives the same answer, but takes
 * twenty times as long because it collects what is wrong.
 */
export const fits = (schema: yup.Schema, given: unknown): boolean => checkOf(schema)(given);

const checks = new WeakMap<yup.Schema, (given: unknown) => boolean>();

/** The check of a schema. It is made once, because every lead needs it several times. */
function checkOf(schema: yup.Schema): (given: unknown) => boolean {
  const known = checks.get(schema);
  if (known) return known;
  const { optional } = schema.spec;
  const fields = schema instanceof yup.ObjectSchema ? fieldsOf(schema) : [];
  const ofFields = fields.map(([name, field]) => [name, checkOf(field)] as const);
  const check = (given: unknown) => {
    if (given === undefined) return optional;
    if (!schema.isType(given)) return false;
    for (const [name, ofField] of ofFields) if (!ofField((given as Record<string, unknown>)[name])) return false;
    return true;
  };
  checks.set(schema, check);
  return check;
}

/** The fields of an object. */
export const fieldsOf = (schema: yup.ObjectSchema<yup.AnyObject>) =>
  Object.entries(schema.fields as Record<string, yup.Schema>);
