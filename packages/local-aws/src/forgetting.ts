import { jsonHeaders, operator } from "./aws/call.ts";
import type { Stores } from "./aws/fauxqs-stores.ts";
import type { Answered, Gateway } from "./aws/gateway.ts";
import type { ObjectVersions } from "./aws/object-versions.ts";
import { s3Target } from "./aws/s3-operations.ts";
import { optionalText, textField } from "./stack/fields.ts";
import type { Stack } from "./stack/stack-file.ts";

/** What a long run holds and need not keep. */
export interface Forgettable {
  readonly stack: Stack;
  readonly gateway: Gateway;
  readonly stores: { readonly s3Store: Pick<Stores["s3Store"], "deleteObject"> };
  readonly versions: Pick<ObjectVersions, "forget">;
  /** Forgets everything else from before a time, such as mails. Mails know whole seconds only. */
  forgetBefore(time: Date): void;
}

interface Kept {
  readonly at: number;
  forget(): void;
}

/**
 * Removes objects, items and mails after a while, so that a run of hours needs no more memory. On AWS lifecycle rules and
 * expiry do so, after days.
 */
export class Forgetting {
  readonly #forgettable: Forgettable;
  readonly #milliseconds: number;
  readonly #timer: NodeJS.Timeout;
  readonly #tables: ReadonlyMap<string, TableAttributes>;
  #kept: Kept[] = [];

  constructor(forgettable: Forgettable, seconds: number) {
    this.#forgettable = forgettable;
    this.#milliseconds = seconds * 1000;
    this.#tables = tableAttributes(forgettable.stack);
    forgettable.gateway.on("answered", this.#note);
    this.#timer = setInterval(() => this.forget(Date.now()), 1000).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#forgettable.gateway.off("answered", this.#note);
  }

  /** @param now milliseconds since 1970 */
  forget(now: number): void {
    const before = now - this.#milliseconds;
    const first = this.#kept.findIndex(({ at }) => at >= before);
    for (const { forget } of this.#kept.splice(0, first === -1 ? this.#kept.length : first)) forget();
    this.#forgettable.forgetBefore(new Date(before));
  }

  readonly #note = ({ call: { operation, parameters }, request, answer }: Answered): void => {
    if (answer.status !== 200) return;
    const { gateway, stores, versions } = this.#forgettable;
    const at = Date.now();
    if (operation === "PutObject" || operation === "CopyObject") {
      const object = s3Target(request);
      const forget = () => {
        stores.s3Store.deleteObject(object.bucket, object.key);
        versions.forget(object, answer.headers["x-amz-version-id"] ?? "");
      };
      this.#kept.push({ at, forget });
    }
    for (const { TableName, Item } of writtenItems(operation, parameters, this.#tables)) {
      const Key = Object.fromEntries((this.#tables.get(TableName)?.key ?? []).map((name) => [name, Item[name]]));
      const headers = { ...jsonHeaders, "x-amz-target": "DynamoDB_20120810.DeleteItem" };
      const body = Buffer.from(JSON.stringify({ TableName, Key }));
      const deletion = { method: "POST", path: "/", query: new URLSearchParams(), headers, body };
      this.#kept.push({ at, forget: () => void gateway.call(operator, "dynamodb", deletion) });
    }
  };
}

/** Names of attributes of a table. */
interface TableAttributes {
  readonly key: readonly string[];
  /** When an item expires. */
  readonly expiry: string | undefined;
}

interface PutItem {
  readonly TableName: string;
  readonly Item: Readonly<Record<string, unknown>>;
}

interface UpdateItem {
  readonly TableName: string;
  readonly Key: PutItem["Item"];
  readonly UpdateExpression?: string;
}

/** The items that a call put into tables, and one whose expiry it updated. */
function writtenItems(
  operation: string,
  parameters: unknown,
  tables: ReadonlyMap<string, TableAttributes>,
): readonly PutItem[] {
  if (operation === "PutItem") return [parameters as PutItem];
  if (operation === "UpdateItem") {
    const { TableName, Key, UpdateExpression = "" } = parameters as UpdateItem;
    const expiry = tables.get(TableName)?.expiry;
    return expiry !== undefined && UpdateExpression.includes(expiry) ? [{ TableName, Item: Key }] : [];
  }
  if (operation !== "BatchWriteItem") return [];
  const { RequestItems } = parameters as {
    RequestItems: Readonly<Record<string, readonly { readonly PutRequest?: Pick<PutItem, "Item"> }[]>>;
  };
  return Object.entries(RequestItems).flatMap(([TableName, writes]) =>
    writes.flatMap(({ PutRequest }) => (PutRequest ? [{ TableName, ...PutRequest }] : [])),
  );
}

const tableAttributes = (stack: Stack): ReadonlyMap<string, TableAttributes> =>
  new Map(
    stack.of("aws_dynamodb_table").map((table) => {
      const keys = [optionalText(table, "hash_key"), optionalText(table, "range_key")];
      const expiry = optionalText(table, "ttl.attribute_name");
      return [textField(table, "name"), { key: keys.filter((key) => key !== undefined), expiry }];
    }),
  );
