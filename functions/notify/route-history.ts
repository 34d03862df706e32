import { hash } from "node:crypto";
import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { destinationsOf, type Routing } from "../lead/routing.ts";
import { LedgerAttribute } from "../runtime/names.ts";
import { once } from "../runtime/once.ts";

/** Key of the ledger's item with every destination that leads have had, in its attribute `destinations`. */
export const routesKey = { [LedgerAttribute.id]: { S: "ledger#routes" } };

/**
 * Returns what reads the history of the routes, once for each execution environment: every destination that leads have had,
 * and in epoch milliseconds when the ledger began to record them and since when they have those of today. It is an item of the
 * ledger's table, and the first invocation with other routes updates it.
 */
export function createRouteHistory(
  dynamo: DynamoDBClient,
  TableName: string,
  { routes, defaultChannel }: Routing,
  now: () => Date,
) {
  const fingerprint = hash("sha256", JSON.stringify([defaultChannel, routes]));
  return once(async () => {
    const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key: routesKey, ConsistentRead: true }));
    const known = Item?.fingerprint?.S === fingerprint ? Item : await update();
    const time = (name: string) => Number(known?.[name]?.N);
    return { beganAt: time("beganAt"), changedAt: time("changedAt"), destinations: known?.destinations?.SS ?? [] };
  });

  async function update() {
    const { Attributes } = await dynamo.send(
      new UpdateItemCommand({
        TableName,
        Key: routesKey,
        UpdateExpression:
          "SET fingerprint = :fingerprint, changedAt = :now, beganAt = if_not_exists(beganAt, :now) " +
          "ADD destinations :destinations",
        ExpressionAttributeValues: {
          ":fingerprint": { S: fingerprint },
          ":now": { N: String(now().getTime()) },
          ":destinations": { SS: destinationsOf({ routes, defaultChannel }) },
        },
        ReturnValues: "ALL_NEW",
      }),
    );
    return Attributes;
  }
}
