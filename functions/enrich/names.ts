import { cut } from "../lead/text.ts";
import type { Reading } from "../sources/reading.ts";
import { personName } from "./cleanse.ts";
import type { Placed } from "./placed.ts";

/** The person's names. A full name that is not given is joined from the others. */
export function namesIn({ firstName, lastName, fullName }: Reading["fields"]): Placed[] {
  const [first, last, full] = [firstName, lastName, fullName].map((found) => found?.[0]);
  const names = { first: first && personName(first.text, 100), last: last && personName(last.text, 100) };
  const whole = full && personName(full.text, 200);
  // The order of a full name is the person's own: in East Asia the family name comes first.
  const hasBoth = names.first && names.last && whole?.includes(names.first) && whole.includes(names.last);
  const isWhole = whole && (hasBoth || !names.first || !names.last);
  return [
    isWhole
      ? { place: "name.full", value: whole, path: full?.path }
      : { place: "name.full", value: joinedName(names.first, names.last) },
    { place: "name.first", value: names.first, path: first?.path },
    { place: "name.last", value: names.last, path: last?.path },
  ];
}

const eastAsian = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]+$/u;

function joinedName(first: string | undefined, last: string | undefined): string | undefined {
  if (first && last && eastAsian.test(first + last)) return cut(last + first, 200);
  // Some people write all of their name into both fields, or into the first.
  if (first && last && first.toLowerCase().endsWith(` ${last.toLowerCase()}`)) return first;
  return cut([first, last].filter(Boolean).join(" "), 200) || undefined;
}
