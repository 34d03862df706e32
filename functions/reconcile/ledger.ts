import { setTimeout as pause } from "node:timers/promises";
import { BatchGetItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { chunk, uniq } from "es-toolkit/array";
import { routesKey } from "../notify/route-history.ts";
import { LedgerAttribute } from "../runtime/names.ts";
import type { LedgerReader } from "./announced.ts";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const keysOfBatch = 100;
/** Milliseconds until DynamoDB is asked again for items for which it had no capacity. */
const unprocessedPause = 200;

/** The time up to which each comparison has come, in epoch milliseconds; 0 before the first. */
export interface Watermarks {
  watermark(comparison: string): Promise<number>;
  setWatermark(comparison: string, time: number): Promise<void>;
}

/** An announcement as the ledger has it: `sent`, `claimed` by an invocation, `failed`, or `unknown` when no answer came. */
export interface Announcement {
  readonly id: string;
  readonly state: string | undefined;
  /** Name of the channel. */
  readonly by: string | undefined;
  readonly settledAt: string | undefined;
}

/** Reads the ledger, and keeps in it the watermarks of comparisons. */
export function createLedgerReader(
  dynamo: DynamoDBClient,
  TableName: string,
  wait: (milliseconds: number) => Promise<unknown> = pause,
): LedgerReader & Watermarks & { announcements(ids: readonly string[]): Promise<Announcement[]> } {
  const keyOf = (id: string) => ({ [LedgerAttribute.id]: { S: id } });
  const item = async (Key: ReturnType<typeof keyOf>) =>
    (await dynamo.send(new GetItemCommand({ TableName, Key }))).Item;
  const announcements = async (ids: readonly string[]) => {
    const found: Announcement[] = [];
    // DynamoDB refuses a batch that names a key twice. A file that was dropped again has the same announcement.
    for (const some of chunk(uniq(ids), keysOfBatch)) {
      let Keys: Record<string, { S: string }>[] | undefined = some.map(keyOf);
      while (Keys && Keys.length > 0) {
        const command = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } });
        const { Responses, UnprocessedKeys } = await dynamo.send(command);
        for (const { id, state, by, settledAt } of Responses?.[TableName] ?? [])
          found.push({ id: id?.S ?? "", state: state?.S, by: by?.S, settledAt: settledAt?.S });
        Keys = UnprocessedKeys?.[TableName]?.Keys as typeof Keys;
        if (Keys) await wait(unprocessedPause);
      }
    }
    return found;
  };
  return {
    announcements,
    destinations: async () => (await item(routesKey))?.destinations?.SS ?? [],
    async sentOf(ids) {
      const sent = (await announcements(ids)).filter(({ state }) => state === "sent");
      return new Set(sent.map(({ id }) => id));
    },
    watermark: async (comparison) => Number((await item(keyOf(`reconcile#${comparison}`)))?.comparedTo?.N ?? 0),
    async setWatermark(comparison, time) {
      const Item = { ...keyOf(`reconcile#${comparison}`), comparedTo: { N: String(time) } };
      await dynamo.send(new PutItemCommand({ TableName, Item }));
    },
  };
}
