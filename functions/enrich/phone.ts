import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max/es6";
import type { BoundedText } from "../lead/text.ts";
import { withoutInvisible } from "./cleanse.ts";

/** A phone number that somebody can dial. */
export interface Phone {
  readonly e164: string;
  /** ISO 3166-1 alpha-2 */
  readonly country?: string;
  readonly extension?: string;
}

/** Where a number without country code is dialled from. */
export interface DialledFrom {
  /** ISO 3166-1 alpha-2 */
  readonly country: string;
  /** Whether the lead names the country. The environment's default is less certain. */
  readonly named: boolean;
}

/** A longer text is not a few phone numbers. The library reads up to 250 characters of each. */
const maxLength = 500;

/** A mark or a word between two numbers, or what stands before the country code or the leading zero of the next one. */
const betweenNumbers =
  /[;|\n](?!ext)|\s(?:or|and|oder|und|ou|et|o|y)\s|[\s/,&]{1,3}(?=\+)|\s?[/,&]\s?(?=00[1-9](?:\D?\d){8})|\s[/&]\s?(?=0(?:\D?\d){6})|,(?=(?:\D{0,3}\d){7})/i;

/** Words of other languages for "extension". The library knows `ext.` and the like. */
const extensionWord = /\b(?:durchwahl|dw|nebenstelle|poste|interno|ramal|toestel|anknytning)\b[.:]?/gi;

/**
 * The valid phone numbers in a text, each one once. A number is taken only if nothing but that number can be meant.
 * @param from undefined when it is not known where a number without country code is dialled from
 */
export function phoneNumbers(text: BoundedText | undefined, from: DialledFrom | undefined): readonly Phone[] {
  const given = text ?? "";
  const ascii = /^[\n -~]*$/.test(given) ? given : asciiOf(given);
  // Sheets write a number as 493023125014.0.
  const tidy = ascii.replace(/[^\S\n]+/g, " ").replace(/^(\d{7,})\.0+$/, "$1");
  if (tidy.length > maxLength) return [];
  const parts = tidy
    .replace(/\([^()\d]*\)/g, " ")
    .replace(extensionWord, "ext. ")
    .split(betweenNumbers);
  const found = parts.flatMap((part) => {
    return phoneIn(part, from) ?? part.split(/[/,]/).flatMap((one) => phoneIn(one, from) ?? []);
  });
  return [...new Map(found.map((phone) => [phone.e164, phone])).values()];
}

/** A text with ASCII digits and signs, and without characters that do not show. */
const asciiOf = (text: string) =>
  withoutInvisible(text)
    .normalize("NFKC")
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0xf));

function phoneIn(text: string, from: DialledFrom | undefined): Phone | undefined {
  // Words before a number do no harm, but those after it do.
  const number = numberIn(text.replace(/[^\d#]+$/, ""), from);
  if (!number) return undefined;
  const { country, ext } = number;
  return {
    e164: number.number,
    ...(country && !isOfSeveral(number) && { country }),
    ...(ext && ext.length <= 11 && { extension: ext }),
  };
}

/**
 * Whether a number says less about the country than its digits seem to: North America's numbers without an area belong to all of
 * its countries, and British operators have mobile numbers of the islands.
 */
const isOfSeveral = (number: PhoneNumber) =>
  number.countryCallingCode === "1"
    ? !/^(?:FIXED_LINE|MOBILE)/.test(number.getType() ?? "")
    : /^(?:GG|IM|JE)$/.test(number.country ?? "") && number.getType() === "MOBILE";

/** The number in a text; undefined when it is invalid or can be read in two ways. */
function numberIn(text: string, from: DialledFrom | undefined): PhoneNumber | undefined {
  const plus = text.indexOf("+");
  if (plus !== -1) return valid(text.slice(plus).replace(/^\+[+\s]*(?:00)?/, "+"));
  const country = from && isSupportedCountry(from.country) ? (from.country as CountryCode) : undefined;
  const national = country && valid(text, country);
  const digits = text.replace(/^\D+/, "");
  if (digits.startsWith("0")) return national ?? (digits.startsWith("00") ? valid(`+${digits.slice(2)}`) : undefined);
  const withCode = valid(`+${digits}`);
  const isOwnCode = country && withCode?.countryCallingCode === getCountryCallingCode(country);
  // No country's own numbers have so many digits, unless they begin with a zero.
  if (!national) return isOwnCode || (withCode?.number.length ?? 0) > 12 ? withCode : undefined;
  if (!isOfAnyLength(country)) return national;
  if (withCode) return isOwnCode ? withCode : undefined;
  return from?.named ? national : undefined;
}

function valid(text: string, country?: CountryCode): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(text, country ? { defaultCountry: country } : {});
  return number?.isValid() ? number : undefined;
}

/** Whether numbers can have nearly any length, as in Germany. Without a leading zero, nearly all digits are a valid number there. */
function isOfAnyLength(country: CountryCode): boolean {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return (metadata.numberingPlan?.possibleLengths().length ?? 0) >= 10;
}
