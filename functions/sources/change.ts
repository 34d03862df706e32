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

/**
 * Whether an object says that something was changed or deleted, so that it announces no new lead: in an event's name, such as
 * `contact.deleted`, `LeadUpdated` or `{ meta: { action: "change" } }`. What people write in a form, such as `Flight cancelled`,
 * is no event's name unless the object has others inside. An event that says it may also be a creation is none either.
 */
export function isChange(value: RawLead): boolean {
  const nested = [value.event, value.meta].filter(isPlainObject);
  const isWrapper = Object.values(value).some((one) => typeof one === "object" && one !== null);
  return says(value, isWrapper) || nested.some((one) => says(one as RawLead, true));
}

const says = (value: RawLead, isWrapper: boolean) =>
  Object.entries(value).some(
    ([name, text]) =>
      name.length <= 20 &&
      eventFields.has(name.toLowerCase().replace(/[^a-z]/g, "")) &&
      typeof text === "string" &&
      text.length <= 100 &&
      namesChange(text, isWrapper),
  );

function namesChange(text: string, isWrapper: boolean): boolean {
  const apart = text.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  // What is left out are versions, such as the v2 of contact.updated.v2.
  const words = apart.split(/[^a-z]+/).filter((word) => word.length > 1);
  const last = words.at(-1) ?? "";
  if (words.some((word) => creation.test(word))) return false;
  if (/\s/.test(text)) return isWrapper && words.length <= 3 && past.test(last);
  return past.test(last) || past.test(words[0] ?? "") || (present.test(last) && (isWrapper || words.length > 1));
}
