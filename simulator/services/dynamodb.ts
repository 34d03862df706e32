import { createRequire } from "node:module";
import type { Json, Service } from "../world.ts";
import { ServiceError } from "./service-error.ts";

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;
type Callback = (error: (Error & { body?: { __type?: string } }) | null, answer?: Json) => void;
interface Store {
  readonly options: { readonly maxItemSize: number };
  getTable(name: string, done: (error: null, table: object) => void): void;
  getItemDb(name: string): object;
}
type Check = (input: Json, store: Store) => string | undefined;

/** A request's expressions, parsed once. Their values are those of `values`, so a later request sets them there. */
interface Parsed {
  readonly values: Record<string, Record<string, unknown>>;
  readonly _condition: unknown;
  readonly _updates: unknown;
}

const require = createRequire(import.meta.url);
const operations = new Map(
  ["putItem", "updateItem", "getItem", "deleteItem"].map((name) => [
    name,
    {
      check: require(`dynalite/validations/${name}.js`).custom as Check,
      act: require(`dynalite/actions/${name}.js`) as (store: Store, input: Json, done: Callback) => void,
    },
  ]),
);

const cache = new Map<string, Parsed>();

/** A request's expressions. A request with the same expressions has been parsed before, whatever its values. */
function parsed(operation: string, input: Json, check: Check, store: Store): Parsed {
  const { ConditionExpression, UpdateExpression, ExpressionAttributeNames } = input;
  const key = JSON.stringify([operation, ConditionExpression, UpdateExpression, ExpressionAttributeNames]);
  const before = cache.get(key);
  if (before) return before;
  const request: Json = structuredClone(input);
  const problem = check(request, store);
  if (problem) throw new Error(`DynamoDB does not understand ${operation}: ${problem}`);
  const { ExpressionAttributeValues: values = {}, _condition, _updates } = request;
  const found = { values: values as Parsed["values"], _condition, _updates };
  cache.set(key, found);
  return found;
}

/**
 * DynamoDB: dynalite's own expressions and conditions on one table in memory, whose key is `id`. An item is gone when its
 * time to live is over; DynamoDB removes it later.
 */
export function createDynamoDb(now: () => number): Service {
  const items = new Map<string, Item>();
  const store: Store = {
    options: { maxItemSize: 409_600 },
    getTable: (_name, done) =>
      done(null, {
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    getItemDb: () => ({
      lock: (_key: string, work: (release: (done: Callback) => Callback) => void) => work((done) => done),
      get(key: string, done: (error: Error | null, item?: Item) => void) {
        const item = items.get(key);
        if (item && Number(item.expiresAt?.N ?? Number.POSITIVE_INFINITY) * 1000 > now()) done(null, item);
        else done(Object.assign(new Error("not found"), { name: "NotFoundError" }));
      },
      put(key: string, item: Item, done: (error: null) => void) {
        items.set(key, item);
        done(null);
      },
      del(key: string, done: (error: null) => void) {
        items.delete(key);
        done(null);
      },
    }),
  };
  return (operation, input) => {
    const known = operations.get(operation.charAt(0).toLowerCase() + operation.slice(1));
    if (!known) throw new ServiceError("UnknownOperationException");
    const { values, _condition, _updates } = parsed(operation, input, known.check, store);
    for (const [name, value] of Object.entries((input.ExpressionAttributeValues ?? {}) as Parsed["values"])) {
      const place = values[name] ?? {};
      for (const type of Object.keys(place)) delete place[type];
      Object.assign(place, value);
    }
    const request = { ...structuredClone(input), _condition, _updates: structuredClone(_updates) };
    let answer: Json = {};
    known.act(store, request, (error, found = {}) => {
      if (!error) answer = structuredClone(found);
      else throw new ServiceError(error.body?.__type?.split("#")[1] ?? error.message);
    });
    return answer;
  };
}
