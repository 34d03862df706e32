import * as yup from "yup";
import {
  about,
  countryCode,
  emailAddress,
  fieldsOf,
  fits,
  flag,
  isoTime,
  leadId,
  line,
  lines,
  list,
  listOfLines,
  mark,
  paths,
  pattern,
  personal,
  sourceName,
  value,
  webAddress,
  wholeNumber,
} from "./fields.ts";
import { RejectedError } from "./rejection.ts";

/** Version of the enriched lead's shape that enrich writes. */
export const schemaVersion = 2;
/** Versions that can be read. Version 2 has more optional fields than version 1. */
const readableVersions: readonly unknown[] = [1, schemaVersion];

const phone = yup.object({
  e164: pattern("a number in E.164", /^\+[1-9]\d{4,14}$/)
    .required()
    .meta(personal("With the country code, such as +4930123456.")),
  country: countryCode().meta(about("The number's country. Some codes belong to several countries.")),
  extension: pattern("1 to 11 digits", /^\d{1,11}$/).meta(personal("What to dial when the call is answered.")),
});

/** The fields that come from the lead's source. */
const details = {
  crmId: line(200).meta(personal("The source's own id of the lead.")),
  url: webAddress().meta(personal("The lead's page in the CRM.")),
  name: yup
    .object({
      full: line(200).required().meta(personal("The person's name.")),
      first: line(100).meta(personal("The given name, if the source has it apart.")),
      last: line(100).meta(personal("The family name, if the source has it apart.")),
    })
    .optional(),
  email: yup
    .object({
      address: emailAddress().required().meta(personal("In lower case, the domain in ASCII.")),
      domain: line(253).required().meta(personal("What stands after the @.")),
      freeMail: flag()
        .required()
        .meta(about("A provider of free mailboxes, so the domain says nothing about a company.")),
      disposable: flag().required().meta(about("A provider of throw-away mailboxes.")),
    })
    .optional(),
  phone: phone.optional(),
  otherEmails: list(5, "email addresses", emailAddress().required()).meta(personal("Further addresses of the person.")),
  otherPhones: list(5, "phone numbers", phone.required()).meta(personal("Further numbers of the person.")),
  company: yup
    .object({
      name: line(200).meta(about("The company's name.")),
      domain: line(253).meta(about("Registrable domain, from the website or else from a company's email address.")),
      employees: wholeNumber(0, 99_999_999).meta(about("People in the company; of a range the lower end.")),
    })
    .optional(),
  country: countryCode().meta(about("The person's country; if the lead names none, the phone number's.")),
  jobTitle: line(200).meta(personal("What the person does in the company.")),
  message: lines(5000).meta(personal("What the person wrote, with line breaks.")),
  origin: line(200).meta(about("Where the person came from: a campaign or a channel.")),
  owner: yup
    .object({
      name: line(200).meta(personal("Who has the lead in the CRM.")),
      email: emailAddress().meta(personal("The owner's address.")),
    })
    .optional(),
  utm: yup
    .object({
      source: line(200).meta(about("Who sent the person, from utm_source.")),
      medium: line(200).meta(about("The kind of link, from utm_medium.")),
      campaign: line(200).meta(about("The campaign, from utm_campaign.")),
      term: line(200).meta(about("The words that were searched for, from utm_term.")),
      content: line(200).meta(about("The advertisement or link, from utm_content.")),
    })
    .optional(),
  landingPage: webAddress().meta(personal("The page on which the person came or filled in the form.")),
  consent: yup
    .object({
      given: flag().required().meta(about("Whether the person agreed.")),
      text: lines(1000).meta(about("What the person agreed to, if the source says it.")),
    })
    .optional(),
  language: pattern("a language code of BCP 47", /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/).meta(
    about("The person's language, such as de or pt-BR."),
  ),
  answers: list(
    20,
    "answers with a label of 1 to 150 and a text of 1 to 1000 characters",
    yup
      .object({
        label: line(150).required().meta(about("The question, in the form's words.")),
        answer: lines(1000).required().meta(personal("What the person answered.")),
      })
      .required(),
  ).meta(personal("A form's own questions that are no field of the lead.")),
};

/**
 * The enriched lead, the same for every source: enrich writes it under `enriched/`, and all others read it. Texts are
 * trimmed, in Unicode NFC, without control characters. A lead has an email address or a phone number, or both.
 */
export const enrichedLeadSchema = yup
  .object({
    schemaVersion: value<1 | typeof schemaVersion>(
      readableVersions.join(" or "),
      { type: "integer", enum: readableVersions },
      (given) => readableVersions.includes(given),
    )
      .required()
      .meta(about(`Version of the shape. Leadwire writes ${schemaVersion}.`)),
    id: leadId().required().meta(about("Lead id, which is also the correlation id.")),
    source: sourceName()
      .required()
      .meta(about("The source's name in the environment; `file` for files in the bucket.")),
    sourceTitle: line(100).meta(about("What people call the source, such as Google Ads.")),
    test: mark().meta(about("The sender marked the lead as a test.")),
    receivedAt: isoTime().required().meta(about("When Leadwire received the lead.")),
    enrichedAt: isoTime().required().meta(about("When Leadwire enriched the lead.")),
    ...details,
    urlAllowed: flag().meta(about("Whether the host of `url` is one of the source's `crmHosts`.")),
    fingerprint: pattern("32 hex digits", /^[0-9a-f]{32}$/)
      .required()
      .meta(personal("The same for the same email address or, without one, for the same phone number.")),
    score: wholeNumber(0, 100).required().meta(about("How promising the lead looks.")),
    scoreReasons: listOfLines(20, 100).meta(about("What the score's points are for, in words.")),
    warnings: listOfLines(50, 200)
      .required()
      .meta(about("Fields that could not be used, such as `phone: not a phone number`. They never hold values.")),
    foundAt: paths().meta(about("The path in the payload at which each field was found.")),
    unreadFields: wholeNumber(0, 99_999).meta(about("Fields of the payload that are not in the lead.")),
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
