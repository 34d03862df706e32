import type { RawLead } from "../../lead/raw-lead.ts";
import { type BoundedText, boundedText, isText } from "../../lead/text.ts";
import { nameOf } from "./names.ts";

/** The keys of an object that holds one value, the best first. */
const valueKeys =
  "value values answer textQuestionAnswer multipleChoiceAnswer plain_text full e164 international number phone_number phone email address label labels text name formatted display displayName title code url href raw other".split(
    " ",
  );

/** A phone number whose country code, area code or extension stands apart. */
export function phoneIn(object: RawLead, key: string): unknown {
  const { [key]: number, area, extension } = object;
  if (typeof number === "object") return number;
  const local = boundedText(key === "phone" && area ? `(${area}) ${number}` : number);
  const dialled = local && withCountryCode(local, object);
  return dialled && extension ? `${dialled} ext. ${extension}` : dialled;
}

/** The choices of a question, with the one that a person wrote. */
export const withOther = (object: RawLead, key: string) =>
  key === "labels" && isText(object.other) ? [object[key], object.other].flat() : object[key];

/** Names of a phone number's country code that stands beside the number. */
const countryCodes = new Set(
  "callingcode countrycallingcode countrycode countryphonecode dialcode dialingcode mobilecountrycode phonecode phonecountrycode phoneprefix telephonecountrycode".split(
    " ",
  ),
);

/** A number with the country code that stands beside it. Without it, the number would be read as one of another country. */
export function withCountryCode(text: BoundedText, object: object): BoundedText {
  if (/^\s*(?:\+|00)/.test(text)) return text;
  const codes = Object.entries(object).filter(
    ([key, value]) => /^(?:\+[1-9]\d{0,2}|[1-9]\d?)$/.test(String(value)) && countryCodes.has(nameOf(key).folded),
  );
  const code = String(codes[0]?.[1] ?? "").replace("+", "");
  const digits = text.replace(/\D/g, "");
  const isWhole = digits.startsWith(code) && digits.length > 10;
  return code === "" || isWhole ? text : (boundedText(`+${code} ${text}`) ?? text);
}

/** What says whether a person agreed. The text beside it says to what. */
const consentKeys = ["given", "accepted", "agreed", "granted", "value", "checked", "is_checked", "status"];

/** The key of an object's one value; undefined if the object has none of these keys. */
export const bestKey = (object: RawLead, meaning: string | undefined) =>
  (meaning === "consent" ? consentKeys : valueKeys).find(
    (key) => Object.hasOwn(object, key) && object[key] !== null && object[key] !== "",
  );

/** Whether an object of a field holds the field's value. The keys of an email or phone object can be any, such as `work`. */
export const holdsValue = (object: RawLead, meaning: string | undefined) =>
  meaning === "email" || meaning === "phone" || bestKey(object, meaning) !== undefined;
