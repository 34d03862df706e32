import { isPlainObject } from "es-toolkit/predicate";
import { RejectedError, type RejectionCode } from "./rejection.ts";

/** A lead as its source wrote it: any JSON object. */
export type RawLead = Readonly<Record<string, unknown>>;

/** Whether a value in a lead is an object, and no list. */
export const isObject = (value: unknown): value is RawLead =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Bytes of a request body or of a file in the bucket's root. */
export const maxBodyBytes = 256 * 1024;
/** Leads in one body. */
export const maxLeads = 100;
/** Levels of objects and arrays in a body. */
export const maxDepth = 32;
/** Fields of all objects in a body. A body has room for more only if their names and values are a few characters long. */
export const maxFields = 20_000;

/**
 * The lead in an object that holds exactly one, whatever its fields are.
 * @throws RejectedError NotJson, TooLarge, TooDeep, TooManyFields, NotALead
 */
export const leadInObject = (body: Uint8Array): RawLead => asLead(parsedBody(body), "The object");

/**
 * A value as a lead.
 * @param place where the value stands, for the message
 * @throws RejectedError NotALead
 */
export function asLead(value: unknown, place: string): RawLead {
  if (isPlainObject(value)) return value as RawLead;
  throw new RejectedError("NotALead", `${place} is ${kindOf(value)}; a lead is a JSON object.`);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The JSON value of a body. A whole number that JavaScript cannot hold exactly, such as a 64-bit id, is a text of its digits.
 * @throws RejectedError NotJson, TooLarge, TooDeep, TooManyFields
 */
export const parsedBody = (body: Uint8Array): unknown => parsedText(bodyText(body));

/**
 * The text of a body, without a byte order mark.
 * @throws RejectedError NotJson, TooLarge, TooDeep, TooManyFields
 */
export function bodyText(body: Uint8Array): string {
  if (body.byteLength > maxBodyBytes) {
    throw new RejectedError("TooLarge", `The body has ${body.byteLength} bytes; the limit is ${maxBodyBytes}.`);
  }
  const start = Buffer.from(body.subarray(0, 4)).toString("hex");
  if (encodings.some(([, , looksSo]) => looksSo.test(start))) throw notJson(start, encodings, "The body is not JSON.");
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new RejectedError("NotJson", "The body is not UTF-8 text.");
  }
  if (text.trim() === "") throw new RejectedError("NotJson", "The body is empty; send one lead or more as JSON.");
  const { depth, fields } = sizesOf(text);
  if (depth > maxDepth) throw new RejectedError("TooDeep", `The body is nested deeper than ${maxDepth} levels.`);
  if (fields > maxFields) {
    throw new RejectedError("TooManyFields", `The body has ${fields} fields; the limit is ${maxFields}.`);
  }
  return text;
}

/**
 * The JSON value of a text, as `parsedBody` returns it.
 * @param place where the text stands, for the message
 * @throws RejectedError NotJson
 */
export function parsedText(text: string, place = "The body"): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return /\d{16}/.test(text) ? JSON.parse(text.replace(stringOrLongNumber, exactly)) : value;
  } catch {
    throw notJson(text.slice(0, 2000), formats, `${place} is not JSON.`);
  }
}

/** Formats that people send in place of JSON, by how a text begins, or the hex digits of its first bytes. */
const formats: readonly (readonly [code: RejectionCode, what: string, looksSo: RegExp])[] = [
  ["IsXml", "XML or HTML", /^\s*<[a-z!?]/i],
  ["IsFormEncoded", "form-encoded", /^[\w.%+[\]-]+=[^\s&]*(?:&[\w.%+[\]-]+=[^\s&]*)*\s*$/],
  // Two lines with separators.
  ["IsCsv", "CSV", /^(?!\s*[[{"]*[[{])[^\n]*[^\n\s][,;\t][^\n]*\n[^\n]*[,;\t]/],
];
const encodings: typeof formats = [
  // With a byte order mark, or plain letters with a NUL beside each one.
  ["IsUtf16", "in UTF-16", /^(?:fffe|feff|00|..00)/],
  ["IsCompressed", "compressed with gzip or zip, as spreadsheets are", /^(?:1f8b|504b0304|28b52ffd)/],
];

/** Why a text is not JSON: it is in another format, if it begins like one. */
function notJson(start: string, known: typeof formats, problem: string): RejectedError {
  const [code, what] = known.find(([, , looksSo]) => looksSo.test(start)) ?? (["NotJson"] as const);
  return new RejectedError(code, what ? `${problem} It is ${what}: send JSON in UTF-8.` : problem);
}

/** A string of a valid JSON text, or a number of 16 characters or more. */
const stringOrLongNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|[\d.eE+-]{16,}/g;

/** Puts a whole number into quotes if JavaScript would change its digits. A reviver would take twenty times as long. */
const exactly = (token: string) =>
  /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;

/** The deepest nesting of brackets and the number of colons, both outside strings. They are found before any parser works. */
function sizesOf(text: string): { readonly depth: number; readonly fields: number } {
  let fields = 0;
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (inString) {
      if (c === "\\") i += 1;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === "{" || c === "[") {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (c === "}" || c === "]") depth -= 1;
    else if (c === ":") fields += 1;
  }
  return { depth: deepest, fields };
}

const kindOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`);
