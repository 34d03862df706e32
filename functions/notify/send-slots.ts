import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mapValues } from "es-toolkit/object";
import { loggable } from "../runtime/loggable.ts";
import { LedgerAttribute } from "../runtime/names.ts";
import type { Log } from "../runtime/telemetry.ts";
import type { ChannelDeclaration } from "./channels/declaration.ts";

/**
 * Reserves the next send slot of a channel's destination, unless it begins after `latest`: a slot that nobody can wait for
 * would only delay the others. All concurrent invocations share the slots.
 * @param latest epoch milliseconds after which no slot is of use
 * @param pausedUntil epoch milliseconds before which the service takes nothing: no invocation gets a slot before
 * @returns when the slot begins, in epoch milliseconds: now or later; after `latest` when there was none in time
 */
export type ReserveSlot = (
  channel: Pick<ChannelDeclaration, "name" | "rate">,
  destination: string,
  latest: number,
  pausedUntil?: number,
) => Promise<number>;

/**
 * A ReserveSlot by best effort: if the table cannot be reached, the message is posted, and the service's 429 is obeyed. An
 * item in the ledger table for each destination holds the time at which its next slot begins. The clocks of Lambda's
 * environments agree well enough for slots of a second.
 */
export function createReserveSlot(dynamo: DynamoDBClient, table: string, log: Log, now: () => number): ReserveSlot {
  const slots = createNextSlots(dynamo, table);

  const reserve = async (id: string, milliseconds: number, latest: number): Promise<number> => {
    const at = now();
    const free = "attribute_not_exists(nextTurnAt) OR nextTurnAt <= :now";
    const first = await slots.update(id, ":next", free, { ":now": at, ":next": at + milliseconds });
    if (first !== undefined) return at;
    const next = await slots.update(id, "nextTurnAt + :step", "nextTurnAt > :now AND nextTurnAt <= :latest", {
      ":step": milliseconds,
      ":now": at,
      ":latest": latest,
    });
    if (next !== undefined) return next - milliseconds;
    const begins = await slots.read(id);
    // The reserved slot can have passed since the first update. Then the next attempt finds a free one.
    return begins > latest ? begins : reserve(id, milliseconds, latest);
  };
  const pause = (id: string, until: number) =>
    slots.update(id, ":until", "attribute_not_exists(nextTurnAt) OR nextTurnAt < :until", { ":until": until });

  return async ({ name, rate }, destination, latest, pausedUntil) => {
    if (!rate) return pausedUntil ?? now();
    const id = `${rate.slotPrefix}${destination}`;
    try {
      if (pausedUntil !== undefined) await pause(id, pausedUntil);
      return await reserve(id, rate.milliseconds, latest);
    } catch (error) {
      log.warn("no send slot reserved, posting without one", { channel: name, destination, ...loggable(error) });
      return pausedUntil ?? now();
    }
  };
}

/** Updates and reads `nextTurnAt`, the time at which the next slot begins, in epoch milliseconds. */
function createNextSlots(dynamo: DynamoDBClient, TableName: string) {
  const keyOf = (id: string) => ({ [LedgerAttribute.id]: { S: id } });
  return {
    /** @returns when the next slot begins, or undefined when the condition does not hold */
    async update(id: string, expression: string, condition: string, values: Record<string, number>) {
      try {
        const { Attributes } = await dynamo.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(id),
            UpdateExpression: `SET nextTurnAt = ${expression}`,
            ConditionExpression: condition,
            ExpressionAttributeValues: mapValues(values, (value) => ({ N: String(value) })),
            ReturnValues: "UPDATED_NEW",
          }),
        );
        return Number(Attributes?.nextTurnAt?.N);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },
    async read(id: string) {
      const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true }));
      return Number(Item?.nextTurnAt?.N ?? 0);
    },
  };
}
