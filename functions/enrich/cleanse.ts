import { type BoundedText, cut, maxTextLength } from "../lead/text.ts";

/** One line of text, with runs of white space as one space. */
export function line(text: BoundedText | undefined, max: number): string | undefined {
  return text && cut(text.replace(/\s+/g, " ").trim(), max);
}

/** Text with its line breaks, at most one empty line in a row. */
export function paragraphs(text: BoundedText | undefined, max: number): string | undefined {
  if (!text) return undefined;
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const tidy = lines.map((one) => one.replace(/\s+/g, " ").trim()).join("\n");
  return cut(tidy.replace(/\n{3,}/g, "\n\n").trim(), max);
}

/** A person's name, as a line. A name in all capitals or all small letters gets a capital at the start of each part. */
export function personName(text: BoundedText | undefined, max: number): string | undefined {
  const name = line(text, max);
  if (!name) return undefined;
  const allCapitals = name.length > 1 && name === name.toUpperCase() && name !== name.toLowerCase();
  const allSmall = name === name.toLowerCase() && name !== name.toUpperCase();
  if (!allCapitals && !allSmall) return name;
  const capitalized = name.toLowerCase().replace(/(?<![\p{L}\p{M}])\p{L}/gu, (letter) => letter.toUpperCase());
  // Letters can get longer, such as ß, and come apart into a letter and marks.
  return cut(capitalized.normalize("NFC"), max);
}

/** A link that is safe to show: http or https, without user name or password. A longer one is no link, because a part leads elsewhere. */
export function webLink(text: BoundedText | undefined, max: number): string | undefined {
  const given = line(text, maxTextLength) ?? "";
  const url = given.length <= max ? URL.parse(given) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  return url.href.length <= max ? url.href : undefined;
}

/** The minimum number of people in texts such as `250`, `1,000+`, `51-200` or `11 to 50`. */
export function headcount(text: BoundedText | undefined): number | undefined {
  const digits = /\d[\d.,\s']*/.exec(text ?? "")?.[0].replace(/[^\d]/g, "");
  return digits && digits.length <= 8 ? Number(digits) : undefined;
}
