import { type DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import { emailAddresses } from "../functions/enrich/contact.ts";
import { phoneNumbers } from "../functions/enrich/phone.ts";
import { announcementId, nobody } from "../functions/lead/announcement-id.ts";
import { checkEnrichedLead } from "../functions/lead/enriched-lead.ts";
import type { LeadOutcome } from "../functions/lead/outcome.ts";
import { emailId, phoneId } from "../functions/lead/person.ts";
import { leadInObject } from "../functions/lead/raw-lead.ts";
import { boundedText } from "../functions/lead/text.ts";
import { type EnrichedEntry, type IndexItem, leadEntriesId } from "../functions/lead-index/items.ts";
import { createLedgerReader } from "../functions/reconcile/ledger.ts";
import { createLeadStore } from "../functions/runtime/lead-store.ts";
import { OpsError } from "./errors.ts";
import type { Pipeline } from "./outputs.ts";

/**
 * The ids under which the index knows the email addresses and phone numbers in a text, in whatever form they are written.
 * @param country of phone numbers without a country code
 * @throws OpsError NotAContact
 */
export function personIdsIn(text: string, country: string | undefined): string[] {
  const bounded = boundedText(text);
  const phones = phoneNumbers(bounded, country === undefined ? undefined : { country, named: false });
  const ids = [...emailAddresses(bounded).map(({ address }) => emailId(address)), ...phones.map(phoneId)];
  if (ids.length > 0) return ids;
  throw new OpsError(
    "NotAContact",
    "It is no email address and no phone number. Write a number with its country code.",
  );
}

/** Yields the items of a partition of the lead index, sorted: of a person, whose leads are the entries, or of a lead. */
export async function* indexItemsOf(client: DynamoDBClient, table: string, id: string): AsyncGenerator<IndexItem> {
  const query = { KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": { S: id } } };
  for await (const { Items = [] } of paginateQuery({ client }, { TableName: table, ...query })) {
    for (const { entry, value } of Items) yield { id, entry: entry?.S ?? "", value: value?.S ?? "" };
  }
}

/** What the index knows of a lead. */
export interface IndexedLead {
  /** One, or several of a file that was dropped on several days. */
  readonly enriched: readonly EnrichedEntry[];
  /** Other ones than announcements, sorted by time. */
  readonly outcomes: readonly LeadOutcome[];
}

export async function indexedLead(client: DynamoDBClient, table: string, leadId: string): Promise<IndexedLead> {
  const [enriched, outcomes]: [EnrichedEntry[], LeadOutcome[]] = [[], []];
  for await (const { value = "" } of indexItemsOf(client, table, leadEntriesId(leadId))) {
    const entry: EnrichedEntry | LeadOutcome = JSON.parse(value);
    if ("enrichedKey" in entry) enriched.push(entry);
    else outcomes.push(entry);
  }
  return { enriched, outcomes };
}

/** An announcement of a lead: `sent`, `claimed` by an invocation, `failed`, or `unknown` when no answer came. */
export interface LeadAnnouncement {
  readonly state: string | undefined;
  readonly channel: string | undefined;
  readonly settledAt: string | undefined;
  /** Undefined if several come into question, because the routes were changed or the lead is from a file. */
  readonly destination: string | undefined;
}

/** Returns a function that finds in the ledger whether the lead in an enriched object was announced. */
export function createAnnouncements(s3: S3Client, dynamo: DynamoDBClient, { bucket, ledgerTable }: Pipeline) {
  const store = createLeadStore(s3, bucket);
  const ledger = createLedgerReader(dynamo, ledgerTable);
  return async ({ enrichedKey }: EnrichedEntry): Promise<LeadAnnouncement[]> => {
    const [object, known] = await Promise.all([store.find(enrichedKey), ledger.destinations()]);
    if (!object) return [];
    const lead = checkEnrichedLead(leadInObject(object.body));
    const destinations = new Map([...known, nobody].map((one) => [announcementId(lead, one), one]));
    const found = await ledger.announcements([...destinations.keys()]);
    return found.map(({ id, state, by: channel, settledAt }) => {
      return { state, channel, settledAt, destination: found.length === 1 ? destinations.get(id) : undefined };
    });
  };
}
