import { stripVTControlCharacters, styleText } from "node:util";

/** A colour or another format. */
export type Style = Parameters<typeof styleText>[0];

/** Colours a text for standard output: not when it is no terminal, nor with NO_COLOR. */
export const styled = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

/** A text on one line, without anything that a terminal would obey. What comes from a lead can hold escape sequences. */
export const onOneLine = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim();

/** A text as one word of a shell. */
export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The time of day, `14:03:07`. */
export const timeOfDay = (at: Date): string => at.toTimeString().slice(0, 8);
