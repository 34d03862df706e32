import countries from "i18n-iso-countries/index.js";
import { type AnySchema, array, type InferType, number, object, string } from "yup";
import type { Rule } from "../../modules/tuning/rule-violation.ts";

declare module "yup" {
  /** What the documentation says of a setting. */
  interface CustomSchemaMetadata {
    /** What is allowed, as a phrase that follows "must be". */
    readonly allowed?: string;
    /** What the setting is for, in a sentence. */
    readonly meaning?: string;
  }
}

/** The root of AWS's documentation. */
export const docs = "https://docs.aws.amazon.com";

/** Options of a setting: its rule, and what it is for, which is also the rule's reason unless there is another one. */
export interface SettingRule extends Omit<Rule, "reason">, Partial<Pick<Rule, "reason">> {
  /** What the setting is for, in a sentence of the documentation. */
  readonly meaning: string;
}

/** Returns a yup test that carries what a RuleViolation needs. An unset value passes. */
export function rule<T>({ bound, reason, link }: Rule, holds: (value: T) => boolean) {
  return {
    name: bound,
    params: { bound, reason, link },
    test: (value: T | undefined) => value === undefined || holds(value),
  };
}

/** Adds a rule to a schema, and what the documentation says of the setting. */
const setting = <Schema extends AnySchema>(
  schema: Schema,
  about: SettingRule,
  holds: (value: NonNullable<InferType<Schema>>) => boolean,
): Schema =>
  schema.test(rule({ reason: about.meaning, ...about }, holds)).meta({ allowed: about.bound, meaning: about.meaning });

/** A whole number in a range, both ends included. */
export const wholeNumber = (minimum: number, maximum: number, about: Omit<SettingRule, "bound">) =>
  setting(
    number().required(),
    { ...about, bound: `a whole number from ${minimum} to ${maximum}` },
    (value) => Number.isInteger(value) && value >= minimum && value <= maximum,
  );

/** One of some numbers. */
export const oneOfNumbers = (numbers: readonly number[], about: Omit<SettingRule, "bound">) =>
  setting(number().required(), { ...about, bound: `one of ${numbers.join(", ")}` }, (value) => numbers.includes(value));

/** A string for which a check holds. */
export const text = <T extends string = string>(about: SettingRule, check: RegExp | ((value: string) => boolean)) =>
  setting(string<T>().defined(), about, (value) => (check instanceof RegExp ? check.test(value) : check(value)));

/** True for the two capital letters of a country, such as GB. UK is no country's code. */
export const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code) && countries.isValid(code);

/** A list of 1 to `maximum` different strings, each of which follows a schema. */
export const distinct = (element: ReturnType<typeof text>, maximum: number, about: SettingRule) =>
  setting(
    array().of(element).required(),
    about,
    (values) => values.length >= 1 && values.length <= maximum && new Set(values).size === values.length,
  );

const apiLimits = `${docs}/apigateway/latest/developerguide/limits.html`;

/** Requests that the API accepts, at most as many as those of an account. @param from whom, such as " from a source" */
export const throttling = (from = "") =>
  object({
    requestsPerSecond: wholeNumber(1, 10_000, {
      meaning: `Requests a second that the API accepts${from} in the long run. Above that it answers 429, and the source tries again.`,
      reason: "An account's default limit for HTTP APIs is 10,000 requests a second.",
      link: apiLimits,
    }),
    burst: wholeNumber(1, 5000, {
      meaning: `Requests that the API accepts${from} at once above that.`,
      reason: "An account's default limit for HTTP APIs is a burst of 5,000 requests.",
      link: apiLimits,
    }),
  }).noUnknown();
