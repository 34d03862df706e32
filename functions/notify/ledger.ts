import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { announcementId } from "../lead/announcement-id.ts";
import type { EnrichedLead } from "../lead/enriched-lead.ts";
import { isFile } from "../lead/lead-id.ts";
import type { Routing } from "../lead/routing.ts";
import { allEnded } from "../runtime/concurrency.ts";
import { LedgerAttribute } from "../runtime/names.ts";
import { createRouteHistory } from "./route-history.ts";

/**
 * State of an announcement: `claimed` by an invocation that is about to send it, `sent`, `failed` when it is certain that
 * nobody saw it, `unknown` when it was sent and no answer came.
 */
type AnnouncementState = "claimed" | "sent" | "failed" | "unknown";

/** A claim that its invocation holds until it has settled it, or until its time is over. */
export interface GrantedClaim {
  /** The ledger's ids of the announcement. */
  readonly ids: readonly string[];
  readonly claimant: string;
}

/** The answer to a claim: announce it, it was announced before, or another invocation is announcing it. */
export type Claim =
  | {
      readonly status: "granted";
      readonly mayBeRepeat: boolean;
      /** An invocation ended while it was announcing the lead. */
      readonly wasInterrupted: boolean;
      readonly claim: GrantedClaim;
    }
  | { readonly status: "sent" }
  | { readonly status: "held" };

/** Remembers which leads were announced: by lead and content, so that message ids and changed routes do not matter. */
export interface Ledger {
  /** Reads what the first claim of an execution environment needs, so that it can be read beside the first lead. */
  open(): Promise<unknown>;
  /** Claims the announcement of a lead until the given time. Two minutes after it, the claimant counts as dead. */
  claim(lead: EnrichedLead, destination: string, until: Date): Promise<Claim>;
  /**
   * Records what became of an announcement.
   * @param by name of the channel
   * @throws ConditionalCheckFailedException when another invocation has claimed it since, because the time was over
   */
  settle(
    claim: GrantedClaim,
    state: Exclude<AnnouncementState, "claimed">,
    by: string,
    messageId?: string,
  ): Promise<void>;
}

const daySeconds = 86_400;
/** S3 deletes an object at a midnight after its retention, or later. */
const spareDays = 7;

/**
 * SQS keeps no message for longer. An older lead comes by a replay; if the ledger knows nothing of it, the entry may have
 * expired, because leads were kept for a shorter time before.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const longestInQueues = 14 * daySeconds * 1000;

const text = (value: string): AttributeValue => ({ S: value });
const number = (value: number): AttributeValue => ({ N: String(value) });
const keyOf = (id: string) => ({ [LedgerAttribute.id]: text(id) });

/**
 * Milliseconds in which the first lead of a new stack is announced, which begins the history of the routes. A lead that was
 * enriched longer before it can have been announced at a destination that the history does not know.
 */
const firstAnnouncement = 60_000;

/** Lambda's longest invocation, and a minute in which calls still reach the code or the settings before an update. */
const overlap = 16 * 60_000;

/**
 * A Ledger on a DynamoDB table, with an item for each announcement. Its id holds the destination. A lead that can have had
 * another destination, because it was enriched before the routes changed or comes from a file, which people drop again, is
 * claimed at every destination that leads have had. So no two invocations can hold it, whichever routes they know. The order
 * is always the same, so that one of two invocations holds it.
 * @param leadDays for which leads are kept; an announcement is remembered for longer
 */
export function createLedger(
  dynamo: DynamoDBClient,
  TableName: string,
  { leadDays, routing }: { readonly leadDays: number; readonly routing: Routing },
  now: () => Date,
): Ledger {
  const readRoutes = createRouteHistory(dynamo, TableName, routing, now);
  const claimOne = createClaimer(dynamo, TableName, leadDays, now);
  return {
    open: readRoutes,
    async claim(lead, destination, until) {
      const { beganAt, changedAt, destinations } = await readRoutes();
      const enrichedAt = Date.parse(lead.enrichedAt);
      const mayHaveMoved = enrichedAt < changedAt + overlap || isFile(lead.id);
      const possible = mayHaveMoved ? new Set([...destinations, destination]) : [destination];
      const ids = [...possible].sort().map((one) => announcementId(lead, one));
      // If an answer is lost, the SDK asks again. It must recognize its own claim.
      const claimant = randomUUID();
      const states: (string | undefined)[] = [];
      for (const one of ids) {
        const { granted, state } = await claimOne(one, claimant, until);
        if (!granted) return { status: state === "sent" ? "sent" : "held" };
        states.push(state);
      }
      const wasInterrupted = states.includes("claimed");
      const wasTried = wasInterrupted || states.includes("unknown");
      const isOld = enrichedAt < Math.max(now().getTime() - longestInQueues, beganAt - firstAnnouncement);
      const mayBeRepeat = wasTried || (isOld && !states.some(Boolean));
      return { status: "granted", mayBeRepeat, wasInterrupted, claim: { ids, claimant } };
    },
    async settle({ ids, claimant }, state, by, messageId = "") {
      const settleOne = (id: string) =>
        dynamo.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(id),
            UpdateExpression: "SET #state = :state, #by = :by, settledAt = :at, messageId = :messageId",
            ConditionExpression: "claimant = :claimant",
            ExpressionAttributeNames: { "#state": "state", "#by": "by" },
            ExpressionAttributeValues: {
              ":state": text(state),
              ":by": text(by),
              ":at": text(now().toISOString()),
              ":messageId": text(messageId),
              ":claimant": text(claimant),
            },
          }),
        );
      await allEnded(ids.map(settleOne));
    },
  };
}

/**
 * Milliseconds by which the clocks of two invocations can differ: each may be off by a minute. A claim is over when it is so
 * for every clock, because a living claimant would announce the lead without a mark.
 */
export const clocksApart = 2 * 60_000;

/** Returns what claims one id, and says whether it is granted and which state there was before. */
function createClaimer(dynamo: DynamoDBClient, TableName: string, leadDays: number, now: () => Date) {
  const rememberedSeconds = (leadDays + spareDays) * daySeconds;
  return async (id: string, claimant: string, until: Date) => {
    const at = now().getTime();
    try {
      const { Attributes: before } = await dynamo.send(
        new PutItemCommand({
          TableName,
          Item: {
            ...keyOf(id),
            state: text("claimed"),
            claimedUntil: number(until.getTime()),
            claimant: text(claimant),
            [LedgerAttribute.expiresAt]: number(Math.floor(at / 1000) + rememberedSeconds),
          },
          ConditionExpression:
            "attribute_not_exists(#id) OR #state IN (:failed, :unknown) OR " +
            "(#state = :claimed AND (claimedUntil < :over OR claimant = :claimant))",
          ExpressionAttributeNames: { "#id": LedgerAttribute.id, "#state": "state" },
          ExpressionAttributeValues: {
            ":failed": text("failed"),
            ":unknown": text("unknown"),
            ":claimed": text("claimed"),
            ":over": number(at - clocksApart),
            ":claimant": text(claimant),
          },
          ReturnValues: "ALL_OLD",
        }),
      );
      // Its own claim was there when the answer to it was lost. What was before that may have been announced.
      return { granted: true, state: before?.claimant?.S === claimant ? "unknown" : before?.state?.S };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true }));
      return { granted: false, state: Item?.state?.S };
    }
  };
}
