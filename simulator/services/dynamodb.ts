import { createRequire } from "node:module";
import { partition } from "es-toolkit/array";
import type { ReceivedCall } from "../environment.ts";
import { ServiceError } from "../faults.ts";
import type { Json } from "../world.ts";

type Values = Record<string, Record<string, unknown>>;
export type Item = Readonly<Record<string, { readonly N?: string; readonly S?: string }>>;
type Done<Value> = (error: Error | null, value?: Value) => void;

const require = createRequire(import.meta.url);
const operations = new Map(
  ["PutItem", "UpdateItem", "GetItem", "DeleteItem", "BatchGetItem", "BatchWriteItem"].map((name) => {
    const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`;
    const check: (input: Json, store: object) => string | undefined = require(`dynalite/validations/${file}`).custom;
    const act: (store: object, input: Json, done: Done<Json>) => void = require(`dynalite/actions/${file}`);
    return [name, { check, act }] as const;
  }),
);

/** Requests that dynalite has parsed. Parsing takes longer than anything else, and only the values differ from call to call. */
const parsed = new Map<string, Json & { readonly ExpressionAttributeValues?: Values }>();

interface Table {
  readonly items: Map<string, Item>;
  /** Names of its key's attributes. */
  readonly key: readonly string[];
  /** Whether a request of a batch is left undone. */
  readonly isUnprocessed: () => boolean;
}

/**
 * DynamoDB: dynalite's own expressions and conditions on one table in memory. An item is gone when its time to live is over;
 * DynamoDB removes it later.
 * @param table whose key is `id` by default, and whose batches are done whole
 */
export function createDynamoDb(
  now: () => number,
  table: Table = { items: new Map(), key: ["id"], isUnprocessed: () => false },
) {
  const store = storeOf(now, table);
  return ({ operation, input }: ReceivedCall): Json => {
    const { check, act } = operations.get(operation) ?? {};
    if (!check || !act) throw new ServiceError("UnknownOperationException");
    const { ConditionExpression, UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues } = input;
    const key = JSON.stringify([operation, ConditionExpression, UpdateExpression, ExpressionAttributeNames]);
    const known = parsed.get(key) ?? structuredClone(input);
    const problem = parsed.has(key) ? undefined : check(known, store);
    if (problem) throw new Error(`DynamoDB does not understand ${operation}: ${problem}`);
    parsed.set(key, known);
    // The parsed expressions refer to these objects, so they are filled and not replaced.
    for (const [name, place] of Object.entries((known.ExpressionAttributeValues ?? {}) as Values)) {
      for (const type of Object.keys(place)) delete place[type];
      Object.assign(place, (ExpressionAttributeValues as Values)[name]);
    }
    const { _condition, _updates } = known;
    let answer: Json = {};
    // A new item is made of its key.
    const Key = input.Key && { ...input.Key };
    const { UnprocessedItems, ...done } = operation === "BatchWriteItem" ? dividedBatch(input, table) : {};
    act(store, { ...input, ...done, Key, _condition, _updates: structuredClone(_updates) }, (error, found = {}) => {
      if (error)
        throw new ServiceError((error as { body?: { __type?: string } }).body?.__type?.split("#")[1] ?? error.message);
      answer = found;
    });
    return { ...answer, UnprocessedItems };
  };
}

/** What is done of a batch, and what is left undone. */
function dividedBatch({ RequestItems }: Json, { isUnprocessed }: Table): Json {
  const [[name, requests] = ["", []]] = Object.entries(RequestItems as Readonly<Record<string, readonly object[]>>);
  const [left, done] = partition(requests, isUnprocessed);
  return { RequestItems: { [name]: done }, UnprocessedItems: left.length > 0 ? { [name]: left } : {} };
}

const notFound = Object.assign(new Error("no item"), { name: "NotFoundError" });

/** What dynalite's operations need of their storage. */
function storeOf(now: () => number, { items, key }: Table) {
  const table = {
    KeySchema: key.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? "HASH" : "RANGE" })),
    AttributeDefinitions: key.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  };
  const itemDb = {
    lock: (_key: string, work: (release: <T>(done: T) => T) => void) => work((done) => done),
    get(key: string, done: Done<Item>) {
      const item = items.get(key);
      if (item && Number(item.expiresAt?.N ?? Number.POSITIVE_INFINITY) * 1000 > now()) done(null, item);
      else done(notFound);
    },
    put(key: string, item: Item, done: Done<never>) {
      items.set(key, item);
      done(null);
    },
    del(key: string, done: Done<never>) {
      items.delete(key);
      done(null);
    },
  };
  return {
    options: { maxItemSize: 409_600 },
    getTable: (_name: string, done: Done<object>) => done(null, table),
    getItemDb: () => itemDb,
  };
}
