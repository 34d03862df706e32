import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { chunk, uniq } from "es-toolkit/array";
import type { EnrichedLead } from "../lead/enriched-lead.ts";
import { personIds } from "../lead/person.ts";
import { loggable } from "../runtime/loggable.ts";
import { LedgerAttribute } from "../runtime/names.ts";
import type { Log } from "../runtime/telemetry.ts";
import type { Announce } from "./announce.ts";
import { type SeenBefore, sourceTitleOf } from "./lead-summary.ts";
import type { ClaimedLead } from "./prepare.ts";

/** The environment's settings of people who come again. */
export interface PeopleSettings {
  /** Days for which a person is remembered after an announcement, from 1. */
  readonly days: number;
  /** How another lead of the same person is announced, where people saw the earlier one. */
  readonly form: "card" | "line";
}

export interface PeoplePorts {
  readonly dynamo: DynamoDBClient;
  /** Name of the ledger's table. */
  readonly table: string;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /**
   * Milliseconds for a look before a message and for a write after it.
   * @default 1,000 and 500
   */
  readonly limits?: { readonly look: number; readonly write: number };
}

/** The last announced lead of a person. */
interface Sighting extends Omit<SeenBefore, "isLine"> {
  readonly leadId: string;
  readonly destination: string;
  /** What the lead's own announcement said, so that a repeat of it says the same. */
  readonly before: SeenBefore | undefined;
}

/** Milliseconds for a look, and for a write. Leads do not wait for longer, and the end of an invocation has no more time. */
const usualLimits = { look: 1000, write: 500 };
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const keysOfLook = 100;
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const itemsOfWrite = 25;

/**
 * Announces leads, and says which of them are of a person who was announced before: with the same email address or the same phone
 * number and extension, from any source, within the settings' days. It is best effort: if the table cannot be reached, the leads
 * are announced without it. A lead never counts as its own earlier one, however often it comes. Test leads are left out.
 *
 * The table has an item for each address and number, with a hash of it as the id and the last announced lead.
 */
export function recognizingPeople(announce: Announce, { days, form }: PeopleSettings, ports: PeoplePorts): Announce {
  const { log, now, limits = usualLimits } = ports;
  const table = createTable(ports);
  /** What is being announced now, by ids: other destinations of this invocation know it before the table does. */
  const underWay = new Map<string, Sighting>();

  const sightings = async (ids: readonly string[], latest: number): Promise<Map<string, Sighting>> => {
    const milliseconds = Math.min(limits.look, latest - now());
    if (milliseconds <= 0 || ids.length === 0) return new Map();
    try {
      return await table.read(ids, AbortSignal.timeout(milliseconds));
    } catch (error) {
      log.warn("people not looked up, leads are announced without it", { contacts: ids.length, ...loggable(error) });
      return new Map();
    }
  };

  const remember = async (known: ReadonlyMap<string, Sighting>) => {
    try {
      await table.write(known, Math.floor(now() / 1000) + days * 86_400, AbortSignal.timeout(limits.write));
    } catch (error) {
      log.warn("people not remembered, their next leads do not say so", { contacts: known.size, ...loggable(error) });
    }
  };

  return async (destination, leads, slot, latest) => {
    const known = await sightings(uniq(leads.flatMap(({ lead }) => idsOf(lead))), latest);
    for (const [id, sighting] of underWay) known.set(id, sighting);
    const own = new Map<string, Sighting>();
    const recognized = new Map<ClaimedLead, SeenBefore>();
    // In the order in which they came, whatever their order in the message.
    for (const one of leads.toSorted((a, b) => (a.lead.receivedAt < b.lead.receivedAt ? -1 : 1))) {
      const ids = idsOf(one.lead);
      const before = seenBefore(
        one.lead,
        ids.flatMap((id) => known.get(id) ?? []),
        destination,
        form,
      );
      if (before) recognized.set(one, before);
      const { id: leadId, receivedAt } = one.lead;
      const sighting = { leadId, sourceTitle: sourceTitleOf(one.lead), receivedAt, destination, before };
      for (const id of ids) for (const map of [known, own, underWay]) map.set(id, sighting);
    }
    const withPerson = (one: ClaimedLead): ClaimedLead => {
      const before = recognized.get(one);
      return before ? { ...one, seenBefore: before } : one;
    };
    const [first, ...rest] = leads;
    try {
      const outcome = await announce(destination, [withPerson(first), ...rest.map(withPerson)], slot, latest);
      if (outcome === "announced" && own.size > 0) await remember(own);
      return outcome;
    } finally {
      for (const [id, sighting] of own) if (underWay.get(id) === sighting) underWay.delete(id);
    }
  };
}

/** What a lead's announcement says of the person's earlier leads: the last one, or what it said the first time. */
function seenBefore(
  { id }: EnrichedLead,
  sightings: readonly Sighting[],
  destination: string,
  form: PeopleSettings["form"],
): SeenBefore | undefined {
  const others = sightings.filter(({ leadId }) => leadId !== id);
  const [last] = others.toSorted((a, b) => (a.receivedAt > b.receivedAt ? -1 : 1));
  if (!last) return sightings.find(({ before }) => before)?.before;
  const { sourceTitle, receivedAt } = last;
  return { sourceTitle, receivedAt, isLine: form === "line" && last.destination === destination };
}

/** The ids of a lead's person. A test lead has none. */
const idsOf = (lead: EnrichedLead) => (lead.test ? [] : personIds(lead));

/** Reads and writes the items of people. Those for which DynamoDB has no capacity at the moment are left out. */
function createTable({ dynamo, table, now }: PeoplePorts) {
  return {
    async read(ids: readonly string[], abortSignal: AbortSignal): Promise<Map<string, Sighting>> {
      const looks = chunk(ids, keysOfLook).map((some) => {
        const Keys = some.map((id) => ({ [LedgerAttribute.id]: { S: id } }));
        return dynamo.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }), {
          abortSignal,
        });
      });
      const items = (await Promise.all(looks)).flatMap(({ Responses }) => Responses?.[table] ?? []);
      // DynamoDB deletes an item some time after its expiry.
      const alive = items.filter((item) => Number(item[LedgerAttribute.expiresAt]?.N) * 1000 > now());
      return new Map(alive.map((item) => [item[LedgerAttribute.id]?.S ?? "", sightingOf(item)]));
    },
    async write(sightings: ReadonlyMap<string, Sighting>, expiresAt: number, abortSignal: AbortSignal) {
      const requests = [...sightings].map(([id, { before, ...sighting }]) => ({
        PutRequest: {
          Item: {
            [LedgerAttribute.id]: { S: id },
            [LedgerAttribute.expiresAt]: { N: String(expiresAt) },
            lead: { S: sighting.leadId },
            source: { S: sighting.sourceTitle },
            receivedAt: { S: sighting.receivedAt },
            destination: { S: sighting.destination },
            ...(before && { before: { S: JSON.stringify(before) } }),
          },
        },
      }));
      const write = (some: typeof requests) =>
        dynamo.send(new BatchWriteItemCommand({ RequestItems: { [table]: some } }), { abortSignal });
      await Promise.all(chunk(requests, itemsOfWrite).map(write));
    },
  };
}

function sightingOf(item: Readonly<Record<string, AttributeValue>>): Sighting {
  const text = (name: string) => item[name]?.S ?? "";
  return {
    leadId: text("lead"),
    sourceTitle: text("source"),
    receivedAt: text("receivedAt"),
    destination: text("destination"),
    before: item.before?.S ? (JSON.parse(item.before.S) as SeenBefore) : undefined,
  };
}
