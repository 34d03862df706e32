import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { LedgerAttribute } from "../runtime/names.ts";

/**
 * Slack's limit for incoming webhooks, one message a second, shared by all concurrent invocations.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
export const millisecondsBetweenPosts = 1000;

/** Turns to post, handed out in the ledger table: an item for each webhook holds when the next turn begins. */
export interface Pace {
  /**
   * Takes the webhook's next turn, unless that begins after `latest`: a turn that nobody can wait for would only put off
   * everybody else's.
   * @returns when it begins, in epoch milliseconds: now, or later
   */
  takeTurn(webhook: string, latest: number): Promise<number>;
  /** Lets no turn begin before the given time, because Slack asked for a pause. */
  pause(webhook: string, until: number): Promise<void>;
}

/** A Pace on a DynamoDB table. The clocks of Lambda's environments are close enough for turns of a second. */
export function dynamoPace(dynamo: DynamoDBClient, table: string, now: () => number): Pace {
  const key = (webhook: string) => ({ [LedgerAttribute.id]: { S: `pace#${webhook}` } });
  const update = async (webhook: string, expression: string, condition: string, values: Record<string, number>) => {
    try {
      const { Attributes } = await dynamo.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key(webhook),
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

  const nextTurn = async (webhook: string) => {
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: key(webhook), ConsistentRead: true }),
    );
    return Number(Item?.nextTurnAt?.N ?? 0);
  };

  const takeTurn = async (webhook: string, latest: number): Promise<number> => {
    const at = now();
    const free = "attribute_not_exists(nextTurnAt) OR nextTurnAt <= :now";
    const mine = await update(webhook, ":next", free, { ":now": at, ":next": at + millisecondsBetweenPosts });
    if (mine !== undefined) return at;
    const next = await update(webhook, "nextTurnAt + :step", "nextTurnAt > :now AND nextTurnAt <= :latest", {
      ":step": millisecondsBetweenPosts,
      ":now": at,
      ":latest": latest,
    });
    if (next !== undefined) return next - millisecondsBetweenPosts;
    const begins = await nextTurn(webhook);
    // In between, the turn that was taken may have come and gone: then the next try finds it free.
    return begins > latest ? begins : takeTurn(webhook, latest);
  };

  return {
    takeTurn,
    async pause(webhook, until) {
      await update(webhook, ":until", "attribute_not_exists(nextTurnAt) OR nextTurnAt < :until", { ":until": until });
    },
  };
}
