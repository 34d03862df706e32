import { hash as hashOf, randomUUID } from "node:crypto";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { EnrichedLead } from "../lead/enriched-lead.ts";
import { LedgerAttribute } from "../runtime/names.ts";

/**
 * State of an announcement: `claimed` by an invocation that is about to send it, `sent`, `failed` when it is certain that
 * nobody saw it, `unknown` when it was sent and no answer came.
 */
type AnnouncementState = "claimed" | "sent" | "failed" | "unknown";

/** The answer to a claim: announce it, it was announced before, or another invocation is announcing it. */
export type Claim =
  | { readonly status: "granted"; readonly mayBeRepeat: boolean }
  | { readonly status: "sent" }
  | { readonly status: "held" };

/** Remembers which leads were announced: by lead, destination and content, so that message ids do not matter. */
export interface Ledger {
  /** Claims an announcement until the given time. After it, the claimant counts as dead. */
  claim(id: string, until: Date): Promise<Claim>;
  /** @param by name of the channel */
  settle(id: string, state: Exclude<AnnouncementState, "claimed">, by: string, messageId?: string): Promise<void>;
}

/**
 * The ledger's id of an announcement. The content is the whole lead without its times. So a replay, or the same file dropped
 * again on another day, is the same announcement, and a lead that was corrected is another one.
 */
export function announcementId(
  { enrichedAt: _enriched, receivedAt: _received, ...content }: EnrichedLead,
  destination: string,
): string {
  const hash = hashOf("sha256", JSON.stringify(content));
  return `${content.id}#${destination}#${hash.slice(0, 16)}`;
}

/** Longer than a message can be retried: a day in the queue and four in the dead letter queue. */
const rememberedSeconds = 30 * 86_400;

/** A Ledger on a DynamoDB table. */
export function createLedger(dynamo: DynamoDBClient, TableName: string, now: () => Date): Ledger {
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  const text = (value: string): AttributeValue => ({ S: value });
  const key = (id: string) => ({ [LedgerAttribute.id]: text(id) });
  return {
    async claim(id, until) {
      // If an answer is lost, the SDK asks again. It must recognize its own claim.
      const claimant = text(randomUUID());
      try {
        const { Attributes: before } = await dynamo.send(
          new PutItemCommand({
            TableName,
            Item: {
              ...key(id),
              state: text("claimed"),
              claimedUntil: { N: String(until.getTime()) },
              claimant,
              [LedgerAttribute.expiresAt]: { N: String(seconds(now()) + rememberedSeconds) },
            },
            ConditionExpression:
              "attribute_not_exists(#id) OR #state IN (:failed, :unknown) OR " +
              "(#state = :claimed AND (claimedUntil < :now OR claimant = :claimant))",
            ExpressionAttributeNames: { "#id": LedgerAttribute.id, "#state": "state" },
            ExpressionAttributeValues: {
              ":failed": text("failed"),
              ":unknown": text("unknown"),
              ":claimed": text("claimed"),
              ":now": { N: String(now().getTime()) },
              ":claimant": claimant,
            },
            ReturnValues: "ALL_OLD",
          }),
        );
        const state = before?.state?.S;
        return { status: "granted", mayBeRepeat: state === "unknown" || state === "claimed" };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key: key(id), ConsistentRead: true }));
        return { status: Item?.state?.S === "sent" ? "sent" : "held" };
      }
    },
    async settle(id, state, by, messageId = "") {
      await dynamo.send(
        new UpdateItemCommand({
          TableName,
          Key: key(id),
          UpdateExpression: "SET #state = :state, #by = :by, settledAt = :at, messageId = :messageId",
          ExpressionAttributeNames: { "#state": "state", "#by": "by" },
          ExpressionAttributeValues: {
            ":state": text(state),
            ":by": text(by),
            ":at": text(now().toISOString()),
            ":messageId": text(messageId),
          },
        }),
      );
    },
  };
}
