import { hash } from "node:crypto";
import { enrichedPrefix, outcomesPrefix, unannouncedSuffix } from "../../flow.ts";
import { checkEnrichedLead } from "../lead/enriched-lead.ts";
import { fits } from "../lead/fields.ts";
import { isFile, keyInMetadata, rawKey } from "../lead/lead-id.ts";
import { type LeadOutcome, outcomeSchema } from "../lead/outcome.ts";
import { personIds } from "../lead/person.ts";
import { parsedText } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import type { StoredObject } from "../runtime/lead-store.ts";
import { Metadata } from "../runtime/names.ts";

/** An item of the table. It holds no address and no number. `id` and `entry` are its key, see `IndexAttribute`. */
export interface IndexItem {
  readonly id: string;
  readonly entry: string;
  /** Of an enriched object its EnrichedEntry, of an outcome the outcome, both as JSON. A person's lead has none. */
  readonly value?: string;
}

/** What the index knows of an enriched object. */
export interface EnrichedEntry {
  readonly source: string;
  readonly receivedAt: string;
  readonly enrichedAt: string;
  readonly score: number;
  readonly enrichedKey: string;
  /** Key of the raw object. Undefined for a lead of a file that was enriched before Leadwire recorded its key. */
  readonly rawKey: string | undefined;
}

/** Partition key of a lead: of what is known of its enriched objects and of its outcomes. */
export const leadEntriesId = (leadId: string) => `lead#${leadId}`;

/** Whether the index gets the event of an object with this key. The event rule says the same in EventBridge's words. */
export const isIndexed = (key: string): boolean =>
  key.startsWith(enrichedPrefix) || (key.startsWith(outcomesPrefix) && key.endsWith(unannouncedSuffix));

/**
 * The facts that an object under `enriched/` or `outcomes/` adds to the index: an item for the enriched lead and one for each
 * of its person's addresses and numbers, or one for each outcome other than an announcement, which the ledger knows. An item's
 * key comes from its content, so an object that is indexed again changes nothing, in whatever order objects come.
 * @throws RejectedError NotAnObjectEvent for another key; NotJson, NoContact, InvalidLead
 */
export function indexItems(key: string, { body, metadata }: Pick<StoredObject, "body" | "metadata">): IndexItem[] {
  const text = Buffer.from(body).toString("utf8");
  if (key.startsWith(outcomesPrefix)) return text.split("\n").filter(Boolean).flatMap(outcomeItem);
  if (!key.startsWith(enrichedPrefix)) {
    throw new RejectedError("NotAnObjectEvent", "The event names neither an enriched lead nor outcomes.");
  }
  const lead = checkEnrichedLead(parsedText(text, "The enriched object"));
  const { id, source, receivedAt, enrichedAt, score } = lead;
  const fileKey = metadata[Metadata.rawKey];
  const ofFile = fileKey === undefined ? undefined : keyInMetadata.read(fileKey);
  const keys = { enrichedKey: key, rawKey: isFile(id) ? ofFile : rawKey(id) };
  const entry: EnrichedEntry = { source, receivedAt, enrichedAt, score, ...keys };
  return [
    { id: leadEntriesId(id), entry: key, value: JSON.stringify(entry) },
    ...personIds(lead).map((person) => ({ id: person, entry: id })),
  ];
}

function outcomeItem(line: string): IndexItem[] {
  const outcome = parsedText(line, "A line of outcomes") as LeadOutcome;
  if (!fits(outcomeSchema, outcome))
    throw new RejectedError("InvalidLead", "A line of outcomes is not one of version 1.");
  if (outcome.outcome === "announced") return [];
  const entry = `${outcome.happenedAt} ${hash("sha256", line).slice(0, 8)}`;
  return [{ id: leadEntriesId(outcome.id), entry, value: line }];
}
