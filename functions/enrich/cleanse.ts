import { cut } from "../lead/text.ts";

/**
 * Removed from every text: control characters, and invisible marks that show text in another order than it is written
 * (Trojan Source, CVE-2021-42574). Letters of right-to-left scripts and emoji joiners stay.
 */
const unwanted = /(?![\t\n\r])\p{Cc}|[\p{Bidi_Control}\ufeff]/gu;

const whole = (text: string) => text.toWellFormed().normalize("NFC").replace(unwanted, "");

/** One line of text: NFC, no control characters, runs of white space as one space; undefined when nothing is left. */
export function line(text: string | undefined, max: number): string | undefined {
  return (text && cut(whole(text).replace(/\s+/g, " ").trim(), max).trim()) || undefined;
}

/** Text with its line breaks, at most one empty line in a row; undefined when nothing is left. */
export function paragraphs(text: string | undefined, max: number): string | undefined {
  if (!text) return undefined;
  const lines = whole(text).replace(/\r\n?/g, "\n").split("\n");
  const tidy = lines.map((one) => one.replace(/\s+/g, " ").trim()).join("\n");
  return cut(tidy.replace(/\n{3,}/g, "\n\n").trim(), max).trim() || undefined;
}

/** A person's name, as a line. A name in all capitals or all small letters gets a capital at the start of each part. */
export function personName(text: string | undefined, max: number): string | undefined {
  const name = line(text, max);
  if (!name) return undefined;
  const allCapitals = name.length > 1 && name === name.toUpperCase() && name !== name.toLowerCase();
  const allSmall = name === name.toLowerCase() && name !== name.toUpperCase();
  if (!allCapitals && !allSmall) return name;
  return name.toLowerCase().replace(/(?<![\p{L}\p{M}])\p{L}/gu, (letter) => letter.toUpperCase());
}

/** A link that is safe to show: http or https, without user name or password. */
export function webLink(text: string | undefined, max: number): string | undefined {
  const url = URL.parse(line(text, max) ?? "");
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  return url.href.length <= max ? url.href : undefined;
}

/** The minimum number of people in texts such as `250`, `1,000+`, `51-200` or `11 to 50`. */
export function headcount(text: string | undefined): number | undefined {
  const digits = /\d[\d.,\s']*/.exec(text ?? "")?.[0].replace(/[^\d]/g, "");
  return digits && digits.length <= 8 ? Number(digits) : undefined;
}
