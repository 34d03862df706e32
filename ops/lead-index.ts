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
import { type Announcement, createLedgerReader } from "../functions/reconcile/ledger.ts";
import { createLeadStore } from "../functions/runtime/lead-store.ts";
import { OpsError } from "./errors.ts";
import type { Pipeline } from "./outputs.ts";

/** An email address or a phone number. */
interface Contact {
  /** The id under which tables know it. */
  readonly id: string;
  /** ISO 3166-1 alpha-2, of a phone number that shows it. */
  readonly country?: string | undefined;
}

/** The email addresses and phone numbers in a text. @param country of phone numbers without a country code */
function contactsIn(text: string, country: string | undefined): readonly Contact[] {
  const bounded = boundedText(text);
  const phones = phoneNumbers(bounded, country === undefined ? undefined : { country, named: false });
  return [
    ...emailAddresses(bounded).map(({ address }) => ({ id: emailId(address) })),
    ...phones.map((phone) => ({ id: phoneId(phone), country: phone.country })),
  ];
}

/**
 * The email addresses and phone numbers of a person, in whatever form they are written, with commas between them.
 * @param country of phone numbers without a country code
 * @throws OpsError NotAContact if a part is none
 */
export function personIn(text: string, country: string | undefined): readonly [Contact, ...Contact[]] {
  const parts = text.split(",").map((part) => contactsIn(part, country));
  const [first, ...rest] = parts.flat();
  if (first && parts.every(({ length }) => length > 0)) return [first, ...rest];
  throw new OpsError(
    "NotAContact",
    "It is no email address and no phone number. Write a number with its country code.",
  );
}

const emailLike = /[^\s"<>()[\]{},;:|\\/=&?]+@[^\s"<>()[\]{},;:|\\/=&?@]*[\p{L}\d]/gu;
const phoneLike = /\+?\d[\d\s()./-]{4,60}\d(?:\s*(?:ext\.?|x|durchwahl|dw\.?)\s*\d{1,7})?/gi;

/** The ids of all addresses and numbers in a text. A number without a country code is read as one of each country. */
export function contactIdsInText(text: string, countries: readonly (string | undefined)[]): string[] {
  const found = [...(text.match(emailLike) ?? []), ...(text.match(phoneLike) ?? [])];
  return countries.flatMap((country) => found.flatMap((one) => contactsIn(one, country).map(({ id }) => id)));
}

/** Yields the items of partitions of the lead index, sorted: of people, whose leads are the entries, or of leads. */
export async function* indexItemsOf(
  client: DynamoDBClient,
  table: string,
  ...ids: readonly string[]
): AsyncGenerator<IndexItem> {
  for (const id of ids) {
    const query = { KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": { S: id } } };
    for await (const { Items = [] } of paginateQuery({ client }, { TableName: table, ...query })) {
      for (const { entry, value } of Items) yield { id, entry: entry?.S ?? "", value: value?.S ?? "" };
    }
  }
}

/** What the index knows of a lead. */
export interface IndexedLead {
  /** One, or several of a file that was dropped on several days. */
  readonly enriched: readonly EnrichedEntry[];
  /** Outcomes other than announcements, sorted by time. */
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

export interface LeadAnnouncement extends Announcement {
  /** Undefined if several destinations are possible, because the routes were changed or the lead is from a file. */
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
    const isOnly = found.length === 1;
    return found.map((one) => ({ ...one, destination: isOnly ? destinations.get(one.id) : undefined }));
  };
}
