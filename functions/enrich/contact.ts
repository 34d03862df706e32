import { domainToASCII } from "node:url";
import countries from "i18n-iso-countries/index.js";
import english from "i18n-iso-countries/langs/en.json" with { type: "json" };
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";
import * as yup from "yup";
import { type BoundedText, maxTextLength } from "../lead/text.ts";
import { line } from "./cleanse.ts";

countries.registerLocale(english);

/** Codes by English name in lower case. The library's own search would go through every name for every lead. */
const codeByName = new Map(
  Object.entries(countries.getNames("en", { select: "all" })).flatMap(([code, names]) =>
    [names].flat().map((name) => [name.toLowerCase(), code] as const),
  ),
);

const emailShape = yup.string().email();

/** An email address in lower case, with its domain in ASCII; undefined for any other text. */
export function emailAddress(text: BoundedText | undefined): { address: string; domain: string } | undefined {
  const bare = line(text, 300)
    ?.replace(/^mailto:/i, "")
    .replace(/^.*<(.+)>$/, "$1")
    .toLowerCase();
  if (!bare) return undefined;
  const at = bare.lastIndexOf("@");
  const domain = domainToASCII(bare.slice(at + 1));
  const address = `${bare.slice(0, at)}@${domain}`;
  return at > 0 && domain.includes(".") && address.length <= 254 && emailShape.isValidSync(address)
    ? { address, domain }
    : undefined;
}

/** A country's ISO 3166-1 alpha-2 code, from alpha-2, alpha-3 or an English name; undefined when it is unknown. */
export function countryCode(text: BoundedText | undefined): string | undefined {
  const name = line(text, 100);
  if (!name) return undefined;
  const upper = name.toUpperCase().replaceAll(".", "");
  if (upper === "UK") return "GB";
  if (countries.isValid(upper)) return upper.length === 2 ? upper : countries.alpha3ToAlpha2(upper);
  return codeByName.get(name.toLowerCase());
}

/**
 * A phone number in E.164 and its country; undefined when nobody could dial it.
 * @param country where a number without country code is dialled from
 */
export function phoneNumber(
  text: BoundedText | undefined,
  country: string | undefined,
): { e164: string; country?: string } | undefined {
  // The library takes up to 250 characters. A text that is cut earlier can end within the number.
  const given = line(text, maxTextLength)?.replace(/^tel:/i, "");
  if (!given) return undefined;
  const parsed = parsePhoneNumberFromString(
    given,
    country && isSupportedCountry(country) ? { defaultCountry: country as CountryCode } : {},
  );
  if (!parsed?.isPossible()) return undefined;
  return { e164: parsed.number, ...(parsed.country && { country: parsed.country }) };
}
