declare const bounded: unique symbol;

/**
 * A text that came with a lead, safe and cheap to work on: at most `maxTextLength` characters, well-formed, in Unicode NFC, at
 * most `maxMarks` combining marks in a row, without control characters other than white space. Only `boundedText` makes one.
 */
export type BoundedText = string & { readonly [bounded]: true };

/** UTF-16 units of a text that are looked at. The longest text of an enriched lead has 5,000. */
export const maxTextLength = 10_000;
/**
 * Combining marks in a row. Normalization of a longer run takes quadratic time. No language needs so many.
 * https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
 */
export const maxMarks = 30;

/** A character that shows: no white space, and nothing that is ignored where it is not supported, such as a zero-width space. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;

const firstMarks = (run: string) => (run.length > maxMarks ? [...run].slice(0, maxMarks).join("") : run);

/**
 * Removed from every text: control characters, invisible marks that show text in another order than it is written (Trojan
 * Source, CVE-2021-42574), and invisible places for a line break. Letters of right-to-left scripts and emoji joiners stay.
 */
const unwanted = /(?![\t\n\r])\p{Cc}|[\p{Bidi_Control}\ufeff\u00ad\u200b\u2060]/gu;

/**
 * The value of a raw lead's field as a text that is cut to `maxTextLength`. Marks are counted last before normalizing, because
 * removing what stands between them joins them.
 * @returns undefined for a text without a visible character, and for everything that is neither a text nor a finite number
 */
export function boundedText(value: unknown): BoundedText | undefined {
  const given = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  if (typeof given !== "string") return undefined;
  const start = cut(given, maxTextLength);
  const text = /^[ -~]*$/.test(start) ? start : cleaned(start);
  return visible.test(text) ? (text as BoundedText) : undefined;
}

const cleaned = (text: string) =>
  text
    .toWellFormed()
    .replace(unwanted, "")
    .replace(/\p{M}+/gu, firstMarks)
    .normalize("NFC");

/** A text of at most `max` UTF-16 units. A longer one is cut, without half a character or white space at the end. */
export const cut = (text: string, max: number) =>
  text.length <= max
    ? text
    : text
        .slice(0, max)
        .replace(/[\ud800-\udbff]$/, "")
        .trimEnd();

/** Whether a value is a text that is not only white space. */
export const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";
