import { isPlainObject } from "es-toolkit/predicate";
import type { RawLead } from "../lead/raw-lead.ts";

/** Fields in which webhooks say what happened, without separators and in lower case. */
const eventFields = new Set([
  "type",
  "event",
  "action",
  "eventtype",
  "eventname",
  "eventaction",
  "operation",
  "topic",
  "triggerevent",
  "messagename",
  "changetype",
]);
const past =
  /^(deleted|removed|destroyed|updated|changed|modified|edited|archived|merged|cancell?ed|rescheduled|unsubscribed)$/;
const present = /^(delet(e|ion)|removal|remove|destroy|update|change|modify|edit|archive|merge|cancel|unsubscribe)$/;
const creation = /^(creat(e|ed|ion)|add|added|insert|inserted|new|submitted|upsert|upserted)$/;

export type Happened = "change" | "creation";

/**
 * Returns what happened, by the event's name in an object, such as `contact.deleted`, `LeadUpdated` or
 * `{ meta: { action: "change" } }`. `change` means that something was changed or deleted, so the object is no new lead. A text of
 * several words, such as `Flight cancelled`, is an answer of a form and no event's name, unless the object holds other objects.
 * A creation counts before a change.
 */
export function whatHappened(value: RawLead): Happened | undefined {
  const isWrapper = Object.values(value).some((one) => typeof one === "object" && one !== null);
  const inside = [value.event, value.meta].filter(isPlainObject);
  const said = [...saidIn(value, isWrapper), ...inside.flatMap((one) => saidIn(one as RawLead, true))];
  return said.find((one) => one === "creation") ?? said[0];
}

const saidIn = (value: RawLead, isWrapper: boolean): Happened[] =>
  Object.entries(value).flatMap(([name, text]) => {
    if (name.length > 20 || !eventFields.has(name.toLowerCase().replace(/[^a-z]/g, ""))) return [];
    return typeof text === "string" && text.length <= 100 ? (happenedIn(text, isWrapper) ?? []) : [];
  });

function happenedIn(text: string, isWrapper: boolean): Happened | undefined {
  const apart = text.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  // Words of one letter are left out: versions, such as the v2 of contact.updated.v2.
  const words = apart.split(/[^a-z]+/).filter((word) => word.length > 1);
  const [first = "", last = ""] = [words[0], words.at(-1)];
  if (words.some((word) => creation.test(word))) return "creation";
  if (/\s/.test(text)) return isWrapper && words.length <= 3 && past.test(last) ? "change" : undefined;
  const isPresent = present.test(last) && (isWrapper || words.length > 1);
  return past.test(last) || past.test(first) || isPresent ? "change" : undefined;
}
