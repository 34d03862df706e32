import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { loggable } from "../runtime/loggable.ts";
import { LedgerAttribute } from "../runtime/names.ts";
import type { Log } from "../runtime/telemetry.ts";
import type { ChannelDeclaration } from "./channels/declaration.ts";

/**
 * Reserves a send slot of a channel's destination.
 * @param latest epoch milliseconds after which no slot is of use
 * @param pausedUntil epoch milliseconds before which the service takes nothing: no invocation gets a slot before
 * @returns when the slot begins, in epoch milliseconds; after `latest` when there was none in time
 */
export type ReserveSlot = (
  channel: ChannelDeclaration,
  destination: string,
  latest: number,
  pausedUntil?: number,
) => Promise<number>;

/** A ReserveSlot by best effort: if the slots cannot be reached, the message is posted, and its 429 is obeyed. */
export function createReserveSlot(slots: SendSlots, log: Log, now: () => number): ReserveSlot {
  return async ({ name, rate }, destination, latest, pausedUntil) => {
    if (!rate) return pausedUntil ?? now();
    const id = `${rate.slotPrefix}${destination}`;
    try {
      if (pausedUntil !== undefined) await slots.pause(id, pausedUntil);
      return await slots.reserve(id, rate.milliseconds, latest);
    } catch (error) {
      log.warn("no send slot reserved, posting without one", { channel: name, destination, ...loggable(error) });
      return pausedUntil ?? now();
    }
  };
}

/**
 * Send slots that all concurrent invocations share. An item in the ledger table for each destination holds the time at which
 * its next slot begins, in `nextTurnAt`.
 */
export interface SendSlots {
  /**
   * Reserves the destination's next slot, unless it begins after `latest`: a slot that nobody can wait for would only delay
   * the others.
   * @param id prefix of the channel and name of the destination
   * @param milliseconds length of a slot
   * @param latest epoch milliseconds
   * @returns when it begins, in epoch milliseconds: now or later
   */
  reserve(id: string, milliseconds: number, latest: number): Promise<number>;
  /** Lets no slot begin before the given time, in epoch milliseconds, because the service asked for a pause. */
  pause(id: string, until: number): Promise<void>;
}

/** SendSlots on a DynamoDB table. The clocks of Lambda's environments agree well enough for slots of a second. */
export function createSendSlots(dynamo: DynamoDBClient, table: string, now: () => number): SendSlots {
  const key = (id: string) => ({ [LedgerAttribute.id]: { S: id } });
  /** @returns when the next slot begins, or undefined when the condition does not hold */
  const update = async (id: string, expression: string, condition: string, values: Record<string, number>) => {
    try {
      const { Attributes } = await dynamo.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key(id),
          UpdateExpression: `SET nextTurnAt = ${expression}`,
          ConditionExpression: condition,
          ExpressionAttributeValues: Object.fromEntries(
            Object.entries(values).map(([name, value]) => [name, { N: String(value) }]),
          ),
          ReturnValues: "UPDATED_NEW",
        }),
      );
      return Number(Attributes?.nextTurnAt?.N);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };

  const nextSlot = async (id: string) => {
    const { Item } = await dynamo.send(new GetItemCommand({ TableName: table, Key: key(id), ConsistentRead: true }));
    return Number(Item?.nextTurnAt?.N ?? 0);
  };

  const reserve = async (id: string, milliseconds: number, latest: number): Promise<number> => {
    const at = now();
    const free = "attribute_not_exists(nextTurnAt) OR nextTurnAt <= :now";
    const first = await update(id, ":next", free, { ":now": at, ":next": at + milliseconds });
    if (first !== undefined) return at;
    const next = await update(id, "nextTurnAt + :step", "nextTurnAt > :now AND nextTurnAt <= :latest", {
      ":step": milliseconds,
      ":now": at,
      ":latest": latest,
    });
    if (next !== undefined) return next - milliseconds;
    const begins = await nextSlot(id);
    // The reserved slot can have passed since the first update. Then the next attempt finds a free one.
    return begins > latest ? begins : reserve(id, milliseconds, latest);
  };

  return {
    reserve,
    async pause(id, until) {
      await update(id, ":until", "attribute_not_exists(nextTurnAt) OR nextTurnAt < :until", { ":until": until });
    },
  };
}
