import * as yup from "yup";
import { RejectedError } from "./errors.ts";

/** Version of the enriched lead's shape; a reader refuses any other. */
export const schemaVersion = 1;

const oneLine = (max: number) =>
  yup
    .string()
    .min(1)
    .max(max)
    .matches(/^\P{Cc}*$/u, "must be a line of text");
/** What enrich takes for a web address: yup's own rule refuses some, such as those of hosts without a dot. */
const webAddress = (max: number) =>
  yup
    .string()
    .max(max)
    .test("url", (value) => value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? ""));
const countryCode = () => yup.string().matches(/^[A-Z]{2}$/);
const isoTime = () =>
  yup.string().matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "must be an ISO 8601 time in UTC");

/**
 * The enriched lead, the same for every source: what enrich writes under `enriched/` and everyone else reads. Texts are
 * trimmed, in Unicode NFC, without control characters. A lead has an email address or a phone number, or both.
 */
const enrichedLeadSchema = yup
  .object({
    schemaVersion: yup.number().oneOf([schemaVersion]).required(),
    /** Lead id, which is also the correlation id. */
    id: yup
      .string()
      .matches(/^[a-z][a-z0-9-]*-[0-9a-f]{32}$/)
      .required(),
    source: yup
      .string()
      .matches(/^[a-z][a-z0-9-]{1,30}$/)
      .required(),
    receivedAt: isoTime().required(),
    enrichedAt: isoTime().required(),
    /** The source's own id of the lead. */
    crmId: oneLine(200),
    /** The lead's page in the CRM, http or https. */
    url: webAddress(2000),
    name: yup.object({ full: oneLine(200).required(), first: oneLine(100), last: oneLine(100) }).default(undefined),
    email: yup
      .object({
        address: yup.string().email().max(254).required(),
        domain: yup.string().min(3).max(253).required(),
        /** A provider of free mailboxes: says nothing about a company. */
        freeMail: yup.boolean().required(),
        /** A provider of throw-away mailboxes. */
        disposable: yup.boolean().required(),
      })
      .default(undefined),
    phone: yup
      .object({
        /** E.164, such as +4930123456. */
        e164: yup
          .string()
          .matches(/^\+[1-9]\d{4,14}$/)
          .required(),
        country: countryCode(),
      })
      .default(undefined),
    company: yup
      .object({
        name: oneLine(200),
        /** Registrable domain, from the website or else from a company's email address. */
        domain: oneLine(253),
        employees: yup.number().integer().min(0),
      })
      .default(undefined),
    /** ISO 3166-1 alpha-2. */
    country: countryCode(),
    jobTitle: oneLine(200),
    /** With its line breaks. */
    message: yup
      .string()
      .min(1)
      .max(5000)
      .matches(/^[\P{Cc}\n]*$/u),
    /** Where the person came from: a campaign or a channel. */
    origin: oneLine(200),
    /** The same person, by email address or else by phone number, has the same fingerprint: 32 hex digits. */
    fingerprint: yup
      .string()
      .matches(/^[0-9a-f]{32}$/)
      .required(),
    /** How promising it looks, 0 to 100; `functions/enrich/score.ts` says of what. */
    score: yup.number().integer().min(0).max(100).required(),
    /** Fields that were there and could not be used, such as `phone: not a phone number`; never with their values. */
    warnings: yup.array(yup.string().max(200).required()).required(),
  })
  .test("contact", "has neither an email address nor a phone number", (lead) => Boolean(lead?.email || lead?.phone));

export type EnrichedLead = yup.InferType<typeof enrichedLeadSchema>;

/**
 * Checks the shape of an enriched lead; what the shape does not know is left as it is.
 * @throws RejectedError NoContact when it has no way to reach the person, InvalidLead with every broken path
 */
export function checkEnrichedLead(value: unknown): EnrichedLead {
  try {
    return enrichedLeadSchema.validateSync(value, { abortEarly: false, strict: true });
  } catch (error) {
    if (!(error instanceof yup.ValidationError)) throw error;
    const problems = error.inner.length > 0 ? error.inner : [error];
    if (problems.every((problem) => problem.type === "contact")) {
      throw new RejectedError("NoContact", "The lead has neither a usable email address nor a usable phone number.");
    }
    // Only path and rule: yup's own messages quote the value, which is a person's data.
    const broken = problems.map((problem) => `${problem.path || "lead"} (${problem.type ?? "invalid"})`);
    throw new RejectedError("InvalidLead", `Not an enriched lead of version ${schemaVersion}: ${broken.join(", ")}.`);
  }
}
