import { type BoundedText, cut, maxTextLength } from "../lead/text.ts";

const untidy = /[^\S ]|^ | $| {2}/;

/** One line of text, with runs of white space as one space. */
export function line(text: BoundedText | undefined, max: number): string | undefined {
  return text && cut(untidy.test(text) ? text.replace(/\s+/g, " ").trim() : text, max);
}

/** Text with its line breaks, at most one empty line in a row. */
export function paragraphs(text: BoundedText | undefined, max: number): string | undefined {
  if (!text) return undefined;
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const tidy = lines.map((one) => one.replace(/\s+/g, " ").trim()).join("\n");
  return cut(tidy.replace(/\n{3,}/g, "\n\n").trim(), max);
}

const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** A text without characters that do not show, such as zero-width spaces. Names and messages need them, for emoji. */
export const withoutInvisible = (text: string) => text.replace(invisible, "");

/**
 * A person's name, as a line. Its case changes only where it says nothing: words in all capitals or all small letters get a
 * capital at the start, but for initials (`AJ`), numerals (`III`) and words that are written small inside a name (`de la`).
 */
export function personName(text: BoundedText | undefined, max: number): string | undefined {
  const name = line(text, max);
  if (!name || /[\d@]/.test(name)) return name;
  const allCapitals = name === name.toUpperCase() && name !== name.toLowerCase();
  const allSmall = name === name.toLowerCase() && name !== name.toUpperCase();
  if (!allCapitals && !allSmall) return name;
  // I is the capital of ı in Turkish and of i elsewhere. Ş and Ğ exist in other languages too, İ and ı do not.
  if (/[ŞĞ]/.test(name) && name.includes("I") && !name.includes("İ")) return name;
  const language = /[İı]/.test(name) ? "tr" : "en";
  const parts = name.split(/(?<=[\s.])/);
  const named = parts.map((part, index) => {
    if (allCapitals && keptCapitals.test(part)) return part;
    const small = part.toLocaleLowerCase(language);
    return index > 0 && particle.test(parts.slice(index).join("").toLowerCase()) ? small : capitalized(small, language);
  });
  // A letter can come apart into a letter and marks.
  return cut(named.join("").normalize("NFC"), max);
}

/** Initials, numerals and degrees: two letters but for a consonant and a vowel (`JO`), or some without a vowel. */
const keptCapitals =
  /^(?![BCDFGHJKLMNPQRSTVWXZ][AEIOU]\s*$)(?:[A-Z]|[A-Z]{2}(?!\.)|[B-DF-HJ-NP-TV-XZ]{3,4}|I{2,3}|IV|VI{1,3}|MBA|CPA)[\s.,]*$/;

/** Words that no language writes with a capital inside a name. A single `van` is a name of its own in Vietnamese. */
const particle = /^(?:van (?:de[rn]?|het)|de[rn]?|la|las|los|von|zu|do|dos|das|di|du|del|della|y|e) /;

const capitalized = (small: string, language: string) =>
  small
    .replace(/(?<![\p{L}\p{M}])\p{L}/gu, (letter) => {
      const capital = letter.toLocaleUpperCase(language);
      return capital.length === letter.length ? capital : letter;
    })
    .replace(/^Mc(\p{L})(?=\p{L}{2})/u, (_, letter: string) => `Mc${letter.toUpperCase()}`);

/** A link that is safe to show: http or https, without user name or password. A longer one is no link, because a part leads elsewhere. */
export function webLink(text: BoundedText | undefined, max: number): string | undefined {
  const given = line(text, maxTextLength) ?? "";
  const url = given.length <= max ? URL.parse(given) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  return url.href.length <= max ? url.href : undefined;
}

/** What may stand before a headcount. After other words, such as `Tier` or `less than`, a number is something else. */
const beforeHeadcount =
  /^(?:[\s:~≈>≥+]|about|approx(?:imately)?|around|ca|circa|over|more than|at least|from|between|von|etwa|rund|über|mehr als|mindestens|ab|zwischen|environ|plus de|de|entre|más de|aprox|mais de|oltre|più di|tra|da|meer dan|ongeveer|tussen|employees?|mitarbeiter|\.)*$/i;
/** What stands between the two numbers of a range. Other numbers, as in `2 offices, 50 people`, leave open which one is meant. */
const range = /^\s*(?:[-–—~〜+<>]|to|bis|and|und|until|à|a|al|até|e|y|et|tot|do|till?|til|-a-)(?![a-z])/i;
/** What says that a number is only an upper bound, or counts something other than people. */
const notPeople =
  /\b(?:or (?:less|fewer|under)|oder weniger|ou moins|o menos|ou menos|o meno|of minder|max)\b|未満|以下|以内|이하|미만|^\s*(?:per|each|hours?|hrs|days?|weeks?|months?|years?|stunden|tage|jahre|locations?|offices?|sites?|stores?|seats?|licen[sc]es?)\b/i;
const maxHeadcount = 99_999_999;
const thousands = /^\d{1,3}(?:[.,'’ ]\d{2,3})*[.,'’ ]\d{3}$/;
const factors: Readonly<Record<string, number>> = { k: 1e3, tsd: 1e3, thousand: 1e3, m: 1e6, mio: 1e6, million: 1e6 };

/** The minimum number of people in texts such as `250.0`, `1,000+`, `1.5k`, `51-200` or `11 to 50`. */
export function headcount(text: BoundedText | undefined): number | undefined {
  const found = /^(\D*)(\d+(?:[.,'’ ]\d+)*)\s*(k|tsd|thousand|m|mio|million)?(?![a-z\d€$£%])(?!\s*[€$£%])(.*)$/i.exec(
    line(text, 200)?.replaceAll("\u202f", " ") ?? "",
  );
  if (!found) return undefined;
  const [, before = "", digits = "", unit = "", after = ""] = found;
  // Spreadsheets make dates of ranges: 10-50 becomes Oct-50. In `1-5k` the unit can be of both.
  if (!beforeHeadcount.test(before) || /^\s*-\s*(?:\d+\s*[km]|\d\d-|[a-z]{3})/i.test(after)) return undefined;
  if (notPeople.test(after) || (/\d/.test(after) && !range.test(after))) return undefined;
  const number = thousands.test(digits) ? Number(digits.replace(/\D/g, "")) : Number(digits.replace(",", "."));
  const people = Math.round(number * (factors[unit.toLowerCase()] ?? 1) * 1000) / 1000;
  return Number.isInteger(people) && people <= maxHeadcount ? people : undefined;
}
