import type { ContextReader } from "./context.ts";

const ANY = Symbol("any characters");
const ONE = Symbol("one character");

type Glyph = string | typeof ANY | typeof ONE;

export type Pattern = readonly Glyph[];

/** `read` is absent in documents older than 2012-10-17, where `${…}` is plain text. */
export interface Variables {
  readonly read: ContextReader | undefined;
}

/**
 * A policy's text with its variables filled in; undefined when one has no single value and no default, so that the
 * element matches nothing. Wildcards that come out of a variable's value stay plain characters.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function expand(text: string, { read }: Variables): Pattern | undefined {
  if (read && text.includes("${")) return fill(text, read);
  const known = constants.get(text);
  if (known) return known;
  const pattern = wildcards(text);
  constants.set(text, pattern);
  return pattern;
}

/** Every call is decided by the same few policies, so what does not change from call to call is made once. */
const constants = new Map<string, Pattern>();
const expressions = new WeakMap<Pattern, Map<string, RegExp>>();

function fill(text: string, read: ContextReader): Pattern | undefined {
  const glyphs: Glyph[] = [];
  for (const [token, variable] of text.matchAll(/\$\{([^}]+)\}|./gsu)) {
    if (variable !== undefined) {
      const value = variableValue(variable, read);
      if (value === undefined) return undefined;
      glyphs.push(...value);
    } else {
      glyphs.push(...wildcards(token));
    }
  }
  return glyphs;
}

function wildcards(text: string): Glyph[] {
  return [...text].map((character) => (character === "*" ? ANY : character === "?" ? ONE : character));
}

function variableValue(variable: string, read: ContextReader): string | undefined {
  if (["*", "?", "$"].includes(variable)) return variable;
  const [, key = "", fallback] = /^\s*([^,]*?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(variable) ?? [];
  const values = read(key);
  return values?.length === 1 ? values[0] : fallback;
}

/** The text when wildcards mean nothing, as in StringEquals. */
export function plain(pattern: Pattern): string {
  return pattern.map((glyph) => (glyph === ANY ? "*" : glyph === ONE ? "?" : glyph)).join("");
}

export function matchesPattern(pattern: Pattern, value: string, flags = ""): boolean {
  const byFlags = expressions.get(pattern) ?? new Map<string, RegExp>();
  const expression = byFlags.get(flags) ?? toRegExp(pattern, flags);
  expressions.set(pattern, byFlags.set(flags, expression));
  return expression.test(value);
}

function toRegExp(pattern: Pattern, flags: string): RegExp {
  const source = pattern.map((glyph) => (glyph === ANY ? ".*" : glyph === ONE ? "." : escapeRegExp(String(glyph))));
  return new RegExp(`^${source.join("").replaceAll(/(?:\.\*){2,}/g, ".*")}$`, `su${flags}`);
}

/** Parts of ARN patterns. They are kept, so that `expressions` knows them again. */
const arnPatterns = new WeakMap<Pattern, readonly Pattern[]>();

/** Each of an ARN's six parts is compared by itself, so that `*` stays within its part. */
export function matchesArn(pattern: Pattern, value: string): boolean {
  const expected = arnPatterns.get(pattern) ?? arnParts(pattern, ":");
  arnPatterns.set(pattern, expected);
  const actual = arnParts([...value], ":").map((part) => part.join(""));
  return (
    expected.length === 6 &&
    actual.length === 6 &&
    expected.every((part, index) => matchesPattern(part, actual[index] ?? ""))
  );
}

function arnParts<T>(glyphs: readonly T[], separator: T): T[][] {
  const parts: T[][] = [[]];
  for (const glyph of glyphs) {
    if (glyph === separator && parts.length < 6) parts.push([]);
    else parts.at(-1)?.push(glyph);
  }
  return parts;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
