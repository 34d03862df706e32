import { isPlainObject } from "es-toolkit/predicate";
import { RejectedError } from "./rejection.ts";

/** A lead as its source wrote it: any JSON object. */
export type RawLead = Readonly<Record<string, unknown>>;

/** Bytes of a request body or of a file in the bucket's root. */
export const maxBodyBytes = 256 * 1024;
/** Leads in one body. */
export const maxLeads = 100;
/** Levels of objects and arrays in a body. */
export const maxDepth = 32;
/** Fields of all objects in a body. A body has room for more only if their names and values are a few characters long. */
export const maxFields = 20_000;

/**
 * The leads in a body, which may be a lead, an array of leads, or an envelope `{type, timestamp, data}` (Standard
 * Webhooks) around either.
 * @throws RejectedError NotJson, TooLarge, TooDeep, TooManyFields, NotALead, NoLeads, TooManyLeads
 */
export function leadsInBody(body: Uint8Array): RawLead[] {
  const parsed = parsedBody(body);
  const content = isPlainObject(parsed) && "type" in parsed && "data" in parsed ? parsed.data : parsed;
  const leads = Array.isArray(content) ? content : [content];
  if (leads.length === 0) throw new RejectedError("NoLeads", "The body is an empty array; send one lead or more.");
  if (leads.length > maxLeads) {
    throw new RejectedError("TooManyLeads", `The body holds ${leads.length} leads; the limit is ${maxLeads}.`);
  }
  return leads.map((lead, index) => asLead(lead, Array.isArray(content) ? `Item ${index} of the body` : "The body"));
}

/**
 * The lead in a body that holds exactly one, whatever its fields are.
 * @throws RejectedError NotJson, TooLarge, TooDeep, NotALead
 */
export const leadInObject = (body: Uint8Array): RawLead => asLead(parsedBody(body), "The object");

function asLead(value: unknown, place: string): RawLead {
  if (isPlainObject(value)) return value as RawLead;
  throw new RejectedError("NotALead", `${place} is ${kindOf(value)}; a lead is a JSON object.`);
}

/**
 * The JSON text of a lead as it is stored. Numbers are written out, so `1e20` gets longer.
 * @throws RejectedError TooLarge above the size that enrich accepts
 */
export function leadText(lead: RawLead): string {
  const text = JSON.stringify(lead);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBodyBytes) return text;
  throw new RejectedError("TooLarge", `Written out, a lead has ${bytes} bytes; the limit is ${maxBodyBytes}.`);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The JSON value of a body.
 * @throws RejectedError NotJson, TooLarge, TooDeep, TooManyFields
 */
export function parsedBody(body: Uint8Array): unknown {
  if (body.byteLength > maxBodyBytes) {
    throw new RejectedError("TooLarge", `The body has ${body.byteLength} bytes; the limit is ${maxBodyBytes}.`);
  }
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
  try {
    return JSON.parse(text);
  } catch {
    throw new RejectedError("NotJson", "The body is not JSON.");
  }
}

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
