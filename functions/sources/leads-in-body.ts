import { isPlainObject } from "es-toolkit/predicate";
import { asLead, bodyText, maxLeads, parsedText, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { boundedText } from "../lead/text.ts";
import { type Happened, whatHappened } from "./change.ts";
import { itemsOf, memberOf } from "./json-parts.ts";

/** Why a lead with `isChange` is ignored, for logs. */
export const changeReason = "the event says that something was changed or deleted";

export interface LeadInBody {
  readonly lead: RawLead;
  /** The lead's own part of the body, byte for byte; of a list of names and values, in an object `{fields: […]}`. */
  readonly json: string;
  /** Whether the event is a change or a deletion. What an envelope says counts before what the lead in it says. */
  readonly isChange: boolean;
}

/**
 * The leads in a body. It is a lead, a list of a lead's `{name, value}`, an array of leads, an envelope
 * `{type, timestamp, data}` (Standard Webhooks) around one of these, or a wrapper `{leads: […]}`. An item of an array, and what
 * an envelope holds, can be an envelope too.
 * @throws RejectedError NotJson, IsCsv and the like, TooLarge, TooDeep, TooManyFields, NotALead, NoLeads, TooManyLeads
 */
export function leadsInBody(body: Uint8Array): readonly LeadInBody[] {
  const json = bodyText(body);
  const parsed = parsedText(json);
  return checked([...opened(parsed, json, true)], parsed);
}

/**
 * The leads in a file: the same as in a body, or a lead in each line (NDJSON), which may have an envelope.
 * @throws RejectedError as above
 */
export function leadsInFile(file: Uint8Array): readonly LeadInBody[] {
  const lines = [...bodyText(file).split("\n").entries()].filter(([, line]) => line.trim() !== "");
  if (lines.length < 2 || !isJsonObject(lines[0]?.[1] ?? "")) return leadsInBody(file);
  return checked(lines.flatMap(([index, line]) => [...opened(parsedText(line, `Line ${index + 1}`), line, false)]));
}

function isJsonObject(text: string): boolean {
  try {
    return isPlainObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** @param parsed the value that the whole body is */
function checked(found: readonly Opened[], parsed?: unknown): readonly LeadInBody[] {
  if (found.length === 0) throw new RejectedError("NoLeads", "The body is an empty array; send one lead or more.");
  if (found.length > maxLeads) {
    throw new RejectedError("TooManyLeads", `The body holds ${found.length} leads; the limit is ${maxLeads}.`);
  }
  return found.map(([value, text, happened], index) => {
    const lead = asLead(value, value === parsed ? "The body" : `Lead ${index} of the body`);
    return { lead, json: text.trim(), isChange: (happened ?? whatHappened(lead)) === "change" };
  });
}

/** Names of email addresses and phone numbers. */
const contact = /mail|phone|telefon|mobil|correo|courriel|почта|メール|邮箱/i;

/**
 * Whether a value is an envelope around a lead or a list of leads, as Standard Webhooks have it: an object with `type` and
 * `data`. A lead can have fields of these names too; then an email address or phone number stands beside them, or `data` holds
 * only texts and numbers.
 */
function isEnvelope(value: unknown): boolean {
  if (!isPlainObject(value) || !("type" in value)) return false;
  const data = [value.data].flat();
  if (data.length > 0 && !data.some((item) => typeof item === "object" && item !== null)) return false;
  return !Object.entries(value).some(([name, text]) => contact.test(name) && boundedText(text) !== undefined);
}

/** Names of the list in a wrapper around leads. */
const listName = /^(?:leads|contacts|prospects|persons|people|records|submissions|entries|items|rows|results|data)$/i;
/** What a wrapper does not have, and a lead or a record has. */
const own = /^(?:id|uuid|.*name|title)$/i;

/** The name of the list of leads that an object with nothing of its own is a wrapper of, such as `{leads: [{email}], count: 2}`. */
function listIn(value: unknown): string | undefined {
  if (!isPlainObject(value)) return undefined;
  const names = Object.keys(value);
  const lists = names.filter((name) => Array.isArray(value[name]));
  const [list = ""] = lists;
  if (lists.length !== 1 || !listName.test(list) || names.some((name) => own.test(name) || contact.test(name))) {
    return undefined;
  }
  // A company's contacts are one record.
  if (
    /^(?:contacts|persons|people)$/i.test(list) &&
    names.some((name) => /^(?:company|organi[sz]ation)$/i.test(name))
  ) {
    return undefined;
  }
  const items: readonly unknown[] = value[list];
  const areLeads = items.every((item) => isPlainObject(item) && Object.keys(item).some((name) => contact.test(name)));
  return items.length > 0 && areLeads ? list : undefined;
}

const pairName = /^(?:name|label|question|title|key|field|field_?name)$/i;
const pairValue = /^(?:values?|answers?|field_?value)$/i;

/** Whether the items of a list are the fields of one lead, by name and value, such as `[{name: "email", value: "…"}]`. */
function areOneLead(list: readonly unknown[]): boolean {
  const arePairs = list.every((item) => {
    const names = isPlainObject(item) ? Object.keys(item) : [];
    const isPair = names.some((name) => pairName.test(name)) && names.some((name) => pairValue.test(name));
    return isPair && !names.some((name) => contact.test(name));
  });
  const names = arePairs ? list.flatMap((pair) => Object.entries(pair as RawLead)) : [];
  return names.some(([name, text]) => pairName.test(name) && typeof text === "string" && contact.test(text));
}

type Opened = readonly [value: unknown, json: string, happened: Happened | undefined];

/**
 * Yields each value in a value that should be a lead, with its text. An array is a list of leads only as a body or in an envelope, and one
 * lead if it holds nothing but the names and values of fields.
 */
function* opened(value: unknown, json: string, mayBeList: boolean, happened?: Happened): Generator<Opened> {
  const wrapped = isEnvelope(value) ? "data" : listIn(value);
  if (wrapped !== undefined) {
    const wrapper = value as RawLead;
    yield* opened(wrapper[wrapped], memberOf(json, wrapped) ?? "", true, happened ?? whatHappened(wrapper));
  } else if (mayBeList && Array.isArray(value) && areOneLead(value)) {
    yield [{ fields: value }, `{"fields":${json.trim()}}`, happened];
  } else if (mayBeList && Array.isArray(value)) {
    const items = itemsOf(json);
    for (const [index, item] of value.entries()) yield* opened(item, items[index] ?? "", false, happened);
  } else yield [value, json, happened];
}
