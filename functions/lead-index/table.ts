import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { chunk, uniqBy } from "es-toolkit/array";
import { mapValues } from "es-toolkit/object";
import { UnavailableError } from "../runtime/failures.ts";
import { IndexAttribute } from "../runtime/names.ts";
import type { IndexItem } from "./items.ts";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const itemsOfWrite = 25;

/**
 * Writes items that are deleted after a time, in seconds since 1970.
 * @throws UnavailableError if DynamoDB has no capacity for some of them
 */
export type WriteItems = (items: readonly IndexItem[], expiresAt: number) => Promise<void>;

export const createItemWriter =
  (dynamo: DynamoDBClient, table: string): WriteItems =>
  async (items, expiresAt) => {
    // DynamoDB refuses a batch with the same key twice.
    const distinct = uniqBy(items, ({ id, entry }) => `${id} ${entry}`);
    for (const some of chunk(distinct, itemsOfWrite)) {
      const requests = some.map((item) => ({
        PutRequest: {
          Item: {
            ...mapValues({ ...item }, (text = "") => ({ S: text })),
            [IndexAttribute.expiresAt]: { N: String(expiresAt) },
          },
        },
      }));
      const { UnprocessedItems } = await dynamo.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
      );
      if (UnprocessedItems?.[table]) throw new UnavailableError("DynamoDB has no capacity at the moment.", undefined);
    }
  };
