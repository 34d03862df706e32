import { hash } from "node:crypto";
import { enrichedPrefix, outcomesPrefix } from "../../flow.ts";
import { checkEnrichedLead } from "../lead/enriched-lead.ts";
import { fits } from "../lead/fields.ts";
import { type LeadOutcome, outcomeSchema } from "../lead/outcome.ts";
import { personIds } from "../lead/person.ts";
import { parsedText } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import type { StoredObject } from "../runtime/lead-store.ts";

/** An item of the table. It holds no address and no number. `id` and `entry` are its key, see `IndexAttribute`. */
export interface IndexItem {
  readonly id: string;
  readonly entry: string;
  /** Of a person's lead the key of the enriched object; of a lead an outcome, as JSON. */
  readonly value: string;
}

/** Partition key of a lead's outcomes. */
export const leadEntriesId = (leadId: string) => `lead#${leadId}`;

/**
 * The facts that an object under `enriched/` or `outcomes/` adds to the index: each of the person's addresses and numbers with
 * the lead, or each outcome of a lead. An item's key comes from its content, so an object that is indexed again changes nothing,
 * in whatever order objects come.
 * @throws RejectedError NotAnObjectEvent for another key; NotJson, NoContact, InvalidLead
 */
export function indexItems(key: string, { body }: Pick<StoredObject, "body">): IndexItem[] {
  const text = Buffer.from(body).toString("utf8");
  if (key.startsWith(enrichedPrefix)) {
    const lead = checkEnrichedLead(parsedText(text, "The enriched object"));
    return personIds(lead).map((id) => ({ id, entry: lead.id, value: key }));
  }
  if (key.startsWith(outcomesPrefix)) return text.split("\n").filter(Boolean).map(outcomeItem);
  throw new RejectedError("NotAnObjectEvent", "The event names neither an enriched lead nor outcomes.");
}

function outcomeItem(line: string): IndexItem {
  const outcome = parsedText(line, "A line of outcomes") as LeadOutcome;
  if (!fits(outcomeSchema, outcome))
    throw new RejectedError("InvalidLead", "A line of outcomes is not one of version 1.");
  const entry = `${outcome.happenedAt} ${hash("sha256", line).slice(0, 8)}`;
  return { id: leadEntriesId(outcome.id), entry, value: line };
}
