import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
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

/** A claim that its invocation holds until it has settled it or given it back, or until its time is over. */
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
  /**
   * Ends a claim with which nothing was announced: the announcement has the state again that it had before.
   * @throws ConditionalCheckFailedException when another invocation has claimed it since, because the time was over
   */
  giveBack(claim: GrantedClaim): Promise<void>;
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

/** Milliseconds in which a claim without an answer is given back. The end of an invocation has no more time. */
const giveBackMilliseconds = 1000;

/**
 * A Ledger on a DynamoDB table, with an item for each announcement. Its id holds the destination. A lead that can have had
 * another destination, because it was enriched before the routes changed or comes from a file, which people drop again, is
 * claimed at every destination that leads have had. So no two invocations can hold it, whichever routes they know. The order
 * is always the same, so that one of two invocations holds it.
 * @param leadDays for which leads are kept; an announcement is remembered for longer
 * @param singleAttempt gives back claims without an answer, which is best effort
 */
export function createLedger(
  { dynamo, singleAttempt }: { readonly dynamo: DynamoDBClient; readonly singleAttempt: DynamoDBClient },
  TableName: string,
  { leadDays, routing }: { readonly leadDays: number; readonly routing: Routing },
  now: () => Date,
): Ledger {
  const readRoutes = createRouteHistory(dynamo, TableName, routing, now);
  const claimOne = createClaimer(dynamo, TableName, leadDays, now);
  const giveBack = (claim: GrantedClaim, send: Send) =>
    updateHeld(claim, send, {
      TableName,
      UpdateExpression: "SET #state = stateBefore, claimedUntil = :over",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":over": number(0) },
    });
  return {
    open: readRoutes,
    async claim(lead, destination, until) {
      const { beganAt, changedAt, destinations } = await readRoutes();
      const enrichedAt = Date.parse(lead.enrichedAt);
      const mayHaveMoved = enrichedAt < changedAt + overlap || isFile(lead.id);
      const possible = mayHaveMoved ? new Set([...destinations, destination]) : [destination];
      const ids = [...possible].sort().map((one) => announcementId(lead, one));
      const isOld = enrichedAt < Math.max(now().getTime() - longestInQueues, beganAt - firstAnnouncement);
      const claimant = randomUUID();
      const tryToGiveBack = async (some: readonly string[]) => {
        const abortSignal = AbortSignal.timeout(giveBackMilliseconds);
        const send: Send = (command) => singleAttempt.send(command, { abortSignal });
        await giveBack({ ids: some, claimant }, send).catch(() => {});
      };
      const states: (string | undefined)[] = [];
      for (const [index, id] of ids.entries()) {
        const { isOwn, state } = await claimOne(id, claimant, until, isOld ? "unknown" : "failed").catch(
          async (error: unknown) => {
            await tryToGiveBack(ids.slice(0, index + 1));
            throw error;
          },
        );
        if (!isOwn) {
          await tryToGiveBack(ids.slice(0, index));
          return { status: state === "sent" ? "sent" : "held" };
        }
        states.push(state);
      }
      const wasInterrupted = states.includes("claimed");
      const mayBeRepeat = wasInterrupted || states.includes("unknown");
      return { status: "granted", mayBeRepeat, wasInterrupted, claim: { ids, claimant } };
    },
    settle: (claim, state, by, messageId = "") =>
      updateHeld(claim, (command) => dynamo.send(command), {
        TableName,
        UpdateExpression: "SET #state = :state, #by = :by, settledAt = :at, messageId = :messageId",
        ExpressionAttributeNames: { "#state": "state", "#by": "by" },
        ExpressionAttributeValues: {
          ":state": text(state),
          ":by": text(by),
          ":at": text(now().toISOString()),
          ":messageId": text(messageId),
        },
      }),
    giveBack: (claim) => giveBack(claim, (command) => dynamo.send(command)),
  };
}

type Send = (command: UpdateItemCommand) => Promise<unknown>;

/** Updates the items of a claim, as far as its claimant still holds it. */
async function updateHeld({ ids, claimant }: GrantedClaim, send: Send, update: Omit<UpdateItemCommandInput, "Key">) {
  const ConditionExpression = "claimant = :claimant";
  const ExpressionAttributeValues = { ...update.ExpressionAttributeValues, ":claimant": text(claimant) };
  await allEnded(
    ids.map((id) =>
      send(new UpdateItemCommand({ ...update, Key: keyOf(id), ConditionExpression, ExpressionAttributeValues })),
    ),
  );
}

/**
 * Milliseconds by which the clocks of two invocations can differ: each may be off by a minute. A claim is over when it is so
 * for every clock, because a living claimant would announce the lead without a mark.
 */
export const clocksApart = 2 * 60_000;

/**
 * Returns what claims one id, and says whether the claimant has it and which state there was before, or is now if another one
 * has it. The item keeps the state before, because the answer to a claim can be lost: then the SDK asks again, and the claim
 * that is in the way is its own. A claimant never claims an id twice, so a request that comes late undoes nothing.
 * @param unseen the state that counts if there is no item
 */
function createClaimer(dynamo: DynamoDBClient, TableName: string, leadDays: number, now: () => Date) {
  const rememberedSeconds = (leadDays + spareDays) * daySeconds;
  return async (id: string, claimant: string, until: Date, unseen: AnnouncementState) => {
    const at = now().getTime();
    try {
      // All values are those from before the update.
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
      const { Attributes } = await dynamo.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(id),
          UpdateExpression:
            "SET stateBefore = if_not_exists(#state, :unseen), #state = :state, claimedUntil = :until, " +
            `claimant = :claimant, ${LedgerAttribute.expiresAt} = :expiresAt`,
          ConditionExpression:
            "attribute_not_exists(#id) OR (NOT claimant = :claimant AND " +
            "(#state IN (:failed, :unknown) OR (#state = :state AND claimedUntil < :over)))",
          ExpressionAttributeNames: { "#id": LedgerAttribute.id, "#state": "state" },
          ExpressionAttributeValues: {
            ":unseen": text(unseen),
            ":state": text("claimed"),
            ":until": number(until.getTime()),
            ":claimant": text(claimant),
            ":expiresAt": number(Math.floor(at / 1000) + rememberedSeconds),
            ":failed": text("failed"),
            ":unknown": text("unknown"),
            ":over": number(at - clocksApart),
          },
          ReturnValues: "ALL_NEW",
        }),
      );
      return { isOwn: true, state: Attributes?.stateBefore?.S };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true }));
      const isOwn = Item?.claimant?.S === claimant;
      return { isOwn, state: (isOwn ? Item.stateBefore : Item?.state)?.S };
    }
  };
}
