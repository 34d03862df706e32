import { isPlainObject } from "es-toolkit/predicate";
import * as yup from "yup";
import { leadIdPattern, sourceNamePattern } from "./lead-id.ts";
import { RejectedError } from "./rejection.ts";

declare module "yup" {
  interface CustomSchemaMetadata {
    /** What a field of the enriched lead means, for docs/lead.md and the JSON Schema. */
    readonly meaning?: string;
    /** What the JSON Schema says of a field besides its type's own words. */
    readonly json?: Readonly<Record<string, unknown>>;
    /** The schema of each entry of a list. */
    readonly items?: yup.Schema;
  }
}

/** Version of the enriched lead's shape that enrich writes. */
export const schemaVersion = 2;
/** Versions that can be read. Version 2 has more optional fields than version 1. */
const readableVersions: readonly unknown[] = [1, schemaVersion];

/**
 * A field with a single check, and words for what it must be. yup would run each rule of a field as a test of its own, which
 * costs every lead time twice.
 * @param json the same check in JSON Schema
 */
const value = <T>(what: string, json: Readonly<Record<string, unknown>>, check: (value: unknown) => boolean) =>
  yup.mixed<T & {}>({ type: what, check: (given): given is T & {} => check(given) }).meta({ json });

/** Half a surrogate pair cannot be encoded in a link, and would stop the announcement of the leads beside it. */
const isTextOf = (max: number, shape: RegExp) => (given: unknown) =>
  typeof given === "string" && given.length >= 1 && given.length <= max && given.isWellFormed() && shape.test(given);
const text = (what: string, max: number, shape: RegExp) =>
  value<string>(what, { type: "string", minLength: 1, maxLength: max, pattern: shape.source }, isTextOf(max, shape));
const lineShape = /^\P{Cc}*$/u;
const line = (max: number) => text(`a line of text of 1 to ${max} characters`, max, lineShape);
const lines = (max: number) =>
  text(`a text without control characters of 1 to ${max} characters`, max, /^[\P{Cc}\n]*$/u);
/** No text with a shape of its own is longer than an email address. */
const pattern = (what: string, shape: RegExp) => text(what, 254, shape);
const wholeNumber = (min: number, max: number) =>
  value<number>(
    `a whole number from ${min} to ${max}`,
    { type: "integer", minimum: min, maximum: max },
    (given) => Number.isInteger(given) && Number(given) >= min && Number(given) <= max,
  );
const flag = () => value<boolean>("true or false", { type: "boolean" }, (given) => typeof given === "boolean");
const timeShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const isoTime = () =>
  value<string>("an ISO 8601 time in UTC", { type: "string", pattern: timeShape.source }, (given) => {
    const time = isTextOf(24, timeShape)(given) ? Date.parse(String(given)) : Number.NaN;
    return !Number.isNaN(time) && new Date(time).toISOString() === given;
  });
const countryCode = () => pattern("an ISO 3166-1 alpha-2 code", /^[A-Z]{2}$/);
const emailAddress = () => pattern("an email address of at most 254 characters", /^[^\s@"<>]+@[^\s@"<>]+$/);

const maxUrl = 2000;
/** A host can have no dot: the CRM may be inside the company's network. */
const webAddress = () =>
  value<string>(
    `an http or https address of at most ${maxUrl} characters`,
    { type: "string", maxLength: maxUrl, pattern: "^https?://" },
    (given) => typeof given === "string" && given.length <= maxUrl && /^https?:\/\//.test(given) && URL.canParse(given),
  );

/** @param entries what the entries are, for the words of a broken rule */
const list = <T extends yup.Schema>(most: number, entries: string, items: T) =>
  value<yup.InferType<T>[]>(
    `a list of at most ${most} ${entries}`,
    { type: "array", maxItems: most },
    (given) => Array.isArray(given) && given.length <= most && given.every((one) => fits(items, one)),
  ).meta({ items });
const listOfLines = (most: number, max: number) =>
  list(most, `lines of text of 1 to ${max} characters`, line(max).required());

/** A field's place in the enriched lead: `email`, `company.name`, `otherPhones[0]`. */
const placeShape = /^[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*|\[\d{1,2}\])*$/;
const maxPath = 300;
const maxPlaces = 80;
const paths = () =>
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

const phone = yup.object({
  e164: pattern("a number in E.164", /^\+[1-9]\d{4,14}$/)
    .required()
    .meta({ meaning: "With the country code, such as +4930123456." }),
  country: countryCode().meta({ meaning: "The number's country. Some codes belong to several countries." }),
  extension: pattern("1 to 11 digits", /^\d{1,11}$/).meta({ meaning: "What to dial when the call is answered." }),
});

/** The fields that come from the lead's source. */
const details = {
  crmId: line(200).meta({ meaning: "The source's own id of the lead." }),
  url: webAddress().meta({ meaning: "The lead's page in the CRM." }),
  name: yup
    .object({
      full: line(200).required().meta({ meaning: "The person's name." }),
      first: line(100).meta({ meaning: "The given name, if the source has it apart." }),
      last: line(100).meta({ meaning: "The family name, if the source has it apart." }),
    })
    .optional(),
  email: yup
    .object({
      address: emailAddress().required().meta({ meaning: "In lower case, the domain in ASCII." }),
      domain: line(253).required().meta({ meaning: "What stands after the @." }),
      freeMail: flag()
        .required()
        .meta({ meaning: "A provider of free mailboxes, so the domain says nothing about a company." }),
      disposable: flag().required().meta({ meaning: "A provider of throw-away mailboxes." }),
    })
    .optional(),
  phone: phone.optional(),
  otherEmails: list(5, "email addresses", emailAddress().required()).meta({
    meaning: "Further addresses of the person.",
  }),
  otherPhones: list(5, "phone numbers", phone.required()).meta({ meaning: "Further numbers of the person." }),
  company: yup
    .object({
      name: line(200).meta({ meaning: "The company's name." }),
      domain: line(253).meta({
        meaning: "Registrable domain, from the website or else from a company's email address.",
      }),
      employees: wholeNumber(0, 99_999_999).meta({ meaning: "People in the company; of a range the lower end." }),
    })
    .optional(),
  country: countryCode().meta({ meaning: "The person's country; if the lead names none, the phone number's." }),
  jobTitle: line(200).meta({ meaning: "What the person does in the company." }),
  message: lines(5000).meta({ meaning: "What the person wrote, with line breaks." }),
  origin: line(200).meta({ meaning: "Where the person came from: a campaign or a channel." }),
  owner: yup
    .object({
      name: line(200).meta({ meaning: "Who has the lead in the CRM." }),
      email: emailAddress().meta({ meaning: "The owner's address." }),
    })
    .optional(),
  utm: yup
    .object({
      source: line(200).meta({ meaning: "Who sent the person, from utm_source." }),
      medium: line(200).meta({ meaning: "The kind of link, from utm_medium." }),
      campaign: line(200).meta({ meaning: "The campaign, from utm_campaign." }),
      term: line(200).meta({ meaning: "The words that were searched for, from utm_term." }),
      content: line(200).meta({ meaning: "The advertisement or link, from utm_content." }),
    })
    .optional(),
  landingPage: webAddress().meta({ meaning: "The page on which the person came or filled in the form." }),
  consent: yup
    .object({
      given: flag().required().meta({ meaning: "Whether the person agreed." }),
      text: lines(1000).meta({ meaning: "What the person agreed to, if the source says it." }),
    })
    .optional(),
  language: pattern("a language code of BCP 47", /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/).meta({
    meaning: "The person's language, such as de or pt-BR.",
  }),
  answers: list(
    20,
    "answers with a label of 1 to 150 and a text of 1 to 1000 characters",
    yup
      .object({
        label: line(150).required().meta({ meaning: "The question, in the form's words." }),
        answer: lines(1000).required().meta({ meaning: "What the person answered." }),
      })
      .required(),
  ).meta({ meaning: "A form's own questions that are no field of the lead." }),
};

/**
 * The enriched lead, the same for every source: enrich writes it under `enriched/`, and all others read it. Texts are
 * trimmed, in Unicode NFC, without control characters. A lead has an email address or a phone number, or both.
 */
export const enrichedLeadSchema = yup
  .object({
    schemaVersion: value<1 | typeof schemaVersion>(readableVersions.join(" or "), { enum: readableVersions }, (given) =>
      readableVersions.includes(given),
    )
      .required()
      .meta({ meaning: `Version of the shape. Leadwire writes ${schemaVersion}.` }),
    id: pattern("a lead's id", new RegExp(`^${leadIdPattern}$`))
      .required()
      .meta({ meaning: "Lead id, which is also the correlation id." }),
    source: pattern("a source's name", new RegExp(`^${sourceNamePattern}$`))
      .required()
      .meta({ meaning: "The source's name in the environment; `file` for files in the bucket." }),
    sourceTitle: line(100).meta({ meaning: "What people call the source, such as Google Ads." }),
    test: value<true>("true", { const: true }, (given) => given === true).meta({
      meaning: "The sender marked the lead as a test.",
    }),
    receivedAt: isoTime().required().meta({ meaning: "When Leadwire received the lead." }),
    enrichedAt: isoTime().required().meta({ meaning: "When Leadwire enriched the lead." }),
    ...details,
    urlAllowed: flag().meta({ meaning: "Whether the host of `url` is one of the source's `crmHosts`." }),
    fingerprint: pattern("32 hex digits", /^[0-9a-f]{32}$/)
      .required()
      .meta({ meaning: "The same for the same email address or, without one, for the same phone number." }),
    score: wholeNumber(0, 100).required().meta({ meaning: "How promising the lead looks." }),
    scoreReasons: listOfLines(20, 100).meta({ meaning: "What the score's points are for, in words." }),
    warnings: listOfLines(50, 200)
      .required()
      .meta({ meaning: "Fields that could not be used, such as `phone: not a phone number`. They never hold values." }),
    foundAt: paths().meta({ meaning: "The path in the payload at which each field was found." }),
    unreadFields: wholeNumber(0, 99_999).meta({ meaning: "Fields of the payload that are not in the lead." }),
  })
  .required();

export type EnrichedLead = yup.InferType<typeof enrichedLeadSchema>;

/**
 * Checks the shape of an enriched lead. Fields that the shape does not know are kept.
 * @param schema what is checked of it
 * @throws RejectedError NoContact when it has neither email nor phone, InvalidLead with every broken path and its rule
 */
export function checkEnrichedLead(lead: unknown, schema: yup.Schema = enrichedLeadSchema): EnrichedLead {
  if (!fits(schema, lead)) {
    const broken = brokenRules(schema, lead).map(({ path, rule }) => `${path || "lead"} ${rule}`);
    throw new RejectedError(
      "InvalidLead",
      `Not an enriched lead of version ${readableVersions.join(" or ")}: ${broken.join(", ")}.`,
    );
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
  if (given === undefined) return schema.spec.optional;
  if (!schema.isType(given)) return false;
  if (!(schema instanceof yup.ObjectSchema)) return true;
  return fieldsOf(schema).every(([name, field]) => fits(field, (given as Record<string, unknown>)[name]));
}

const detailsSchema = yup.object(details);
export const detailNames = Object.keys(details) as (keyof typeof details)[];

export type Details = Partial<yup.InferType<typeof detailsSchema>>;

/**
 * The details that fit the enriched lead's schema, so that a bad field never rejects its lead. What does not fit is left out:
 * a part of a field where the field can be without it, and otherwise the whole field.
 * @param draft every detail, as far as it is known
 * @returns the details, and the paths of what was left out
 */
export function fittingDetails(draft: { readonly [Name in keyof Details]?: unknown }): {
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

const fieldsBySchema = new WeakMap<yup.Schema, readonly (readonly [name: string, field: yup.Schema])[]>();

/** The fields of an object. A list of them is made once for each schema, because every lead needs it several times. */
function fieldsOf(schema: yup.ObjectSchema<yup.AnyObject>) {
  const fields = fieldsBySchema.get(schema) ?? Object.entries(schema.fields as Record<string, yup.Schema>);
  fieldsBySchema.set(schema, fields);
  return fields;
}
