import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mapValues, omitBy } from "es-toolkit/object";
import { isUndefined } from "es-toolkit/predicate";
import { loggable } from "../runtime/loggable.ts";
import { LedgerAttribute } from "../runtime/names.ts";
import type { Log } from "../runtime/telemetry.ts";
import type { ChannelDeclaration, SendRate } from "./channels/declaration.ts";

type PacedChannel = Pick<ChannelDeclaration, "name" | "rate">;

/**
 * Reserves the next send slot of a channel's destination, unless it begins after `latest`: a slot that nobody can wait for
 * would only delay the others. All concurrent invocations share the slots. During a pause that lasts longer than `latest`, one
 * message a minute gets a slot at once, to find out whether the pause is over.
 * @param latest epoch milliseconds after which no slot is of use
 * @returns when the slot begins, in epoch milliseconds: now or later; after `latest` when there was none in time
 */
export type ReserveSlot = (
  channel: PacedChannel,
  destination: string,
  latest: number,
  options?: SlotOptions,
) => Promise<number>;

interface SlotOptions {
  /**
   * Epoch milliseconds before which the service takes nothing: no invocation gets a slot before.
   * @default there is no pause but those that others met
   */
  readonly pausedUntil?: number;
  /**
   * Milliseconds that the message waits if it comes before its turn, so that other leads can join it.
   * @default 0
   */
  readonly earlyWait?: number;
}

export interface SendSlots {
  readonly reserve: ReserveSlot;
  /** Says that a destination took a message. If that was sent to find out whether a pause is over, the pause ends for all. */
  readonly delivered: (channel: PacedChannel, destination: string) => Promise<void>;
}

/** The slots of a destination. Its item in the ledger table holds them, in epoch milliseconds of the slots' clock. */
interface Slots {
  /** When a message fits the rate, if none was sent early. A burst's messages are sent earlier than that. */
  readonly nextTurnAt: number;
  /** When a message may find out whether the pause is over. There is none without a pause. */
  readonly nextProbeAt: number | undefined;
}

/** What of the slots changes, if anything, and when the message's slot begins. */
interface Decision {
  readonly begins: number;
  readonly isProbe?: boolean;
  readonly next?: Slots;
}

const betweenProbes = 60_000;
const free: Slots = { nextTurnAt: Number.NEGATIVE_INFINITY, nextProbeAt: undefined };

/**
 * SendSlots by best effort: if the table cannot be reached, the message is posted, and the service's 429 is obeyed.
 *
 * The slots' clock is the fastest one of those that have written an item. An item says when it was written. An invocation that
 * reads of a time later than its own adds the difference to its clock from then on. So all of them measure a wait in the same
 * way, and none waits for longer than the one that wrote it had to, however wrong the clocks are.
 */
export function createSendSlots(dynamo: DynamoDBClient, table: string, log: Log, now: () => number): SendSlots {
  const items = createItems(dynamo, table);
  /** Milliseconds by which the slots' clock is ahead of this one. */
  let behind = 0;
  /** Destinations to which this environment sends a message in order to find out whether a pause is over. */
  const probing = new Set<string>();

  const read = async (id: string) => {
    const item = await items.read(id);
    if (item) behind = Math.max(behind, item.writtenAt - now());
    return item;
  };

  /** Changes the slots as decided, and decides again while other invocations are faster. Free slots need no reading. */
  const change = async (id: string, decide: (slots: Slots, at: number) => Decision, known?: Slots) => {
    let slots = known;
    for (;;) {
      const ahead = behind;
      const at = now() + ahead;
      const { next, begins, ...more } = decide(slots ?? free, at);
      const isDone = !next || (await items.write(id, slots, { ...next, writtenAt: at }));
      if (isDone) return { ...more, begins: begins - ahead, isChanged: next !== undefined };
      slots = await read(id);
    }
  };

  const reserve = async (id: string, rate: SendRate, latest: number, { pausedUntil, earlyWait = 0 }: SlotOptions) => {
    const wasProbe = pausedUntil !== undefined && probing.delete(id);
    const { begins, isProbe } = await change(id, (slots, at) => {
      const paused = pausedUntil === undefined ? slots : pause(wasProbe ? free : slots, rate, pausedUntil + behind, at);
      const decision = nextSlot(paused, rate, at, latest + behind, earlyWait);
      // The pause is written even if no slot is reserved.
      return paused === slots ? decision : { next: paused, ...decision };
    });
    if (isProbe) probing.add(id);
    return begins;
  };

  return {
    async reserve({ name, rate }, destination, latest, options = {}) {
      const { pausedUntil = now() } = options;
      if (!rate) return pausedUntil;
      try {
        return await reserve(`${rate.slotPrefix}${destination}`, rate, latest, options);
      } catch (error) {
        log.warn("no send slot reserved, posting without one", { channel: name, destination, ...loggable(error) });
        return pausedUntil;
      }
    },
    async delivered({ name, rate }, destination) {
      const id = `${rate?.slotPrefix}${destination}`;
      if (!rate || !probing.delete(id)) return;
      const end = ({ nextProbeAt }: Slots, at: number): Decision =>
        nextProbeAt === undefined ? { begins: at } : { begins: at, next: withoutBurst(rate, at + rate.milliseconds) };
      try {
        const { isChanged } = await change(id, end, await read(id));
        if (isChanged) log.info("pause ended by a delivered message", { channel: name, destination });
      } catch (error) {
        log.warn("pause not ended, it lasts until its time is over", {
          channel: name,
          destination,
          ...loggable(error),
        });
      }
    },
  };
}

/** Milliseconds for which a message may be sent before its turn. */
const tolerance = ({ earlyMilliseconds = 0 }: SendRate) => earlyMilliseconds;

/** Slots of which the first begins at the given time, and the next ones at the pace of the rate. */
const withoutBurst = (rate: SendRate, from: number): Slots => ({
  nextTurnAt: from + tolerance(rate),
  nextProbeAt: undefined,
});

/** No pause shortens another, but for what a message found out that was sent during that one. */
function pause(slots: Slots, rate: SendRate, until: number, at: number): Slots {
  const { nextTurnAt } = withoutBurst(rate, until);
  return { nextTurnAt: Math.max(slots.nextTurnAt, nextTurnAt), nextProbeAt: at + betweenProbes };
}

/**
 * The next slot, by the generic cell rate algorithm: one message for each turn on average, and some before their turns after a
 * quiet time. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
function nextSlot(
  { nextTurnAt, nextProbeAt }: Slots,
  rate: SendRate,
  at: number,
  latest: number,
  earlyWait: number,
): Decision {
  const begins = nextTurnAt <= at ? at : Math.max(at + earlyWait, nextTurnAt - tolerance(rate));
  if (begins <= latest) {
    return { begins, next: { nextTurnAt: Math.max(at, nextTurnAt) + rate.milliseconds, nextProbeAt: undefined } };
  }
  if (nextProbeAt === undefined || nextProbeAt > at) return { begins };
  return { begins: at, isProbe: true, next: { nextTurnAt, nextProbeAt: at + betweenProbes } };
}

/** Reads and writes the items that hold slots. */
function createItems(dynamo: DynamoDBClient, TableName: string) {
  const keyOf = (id: string) => ({ [LedgerAttribute.id]: { S: id } });
  return {
    /**
     * Writes the slots if they are still those that were read, or free without any that were.
     * @returns whether they were written
     */
    async write(id: string, read: Slots | undefined, { nextTurnAt, nextProbeAt, writtenAt }: Slots & Written) {
      const probe = nextProbeAt === undefined ? " REMOVE nextProbeAt" : ", nextProbeAt = :probe";
      const sameProbe =
        read?.nextProbeAt === undefined ? "attribute_not_exists(nextProbeAt)" : "nextProbeAt = :readProbe";
      const values = {
        ":next": nextTurnAt,
        ":at": writtenAt,
        ":probe": nextProbeAt,
        ":read": read?.nextTurnAt,
        ":readProbe": read?.nextProbeAt,
      };
      try {
        await dynamo.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(id),
            UpdateExpression: `SET nextTurnAt = :next, writtenAt = :at${probe}`,
            ConditionExpression: read
              ? `nextTurnAt = :read AND ${sameProbe}`
              : "attribute_not_exists(nextTurnAt) OR nextTurnAt <= :at",
            ExpressionAttributeValues: mapValues(omitBy(values, isUndefined), (value) => ({ N: String(value) })),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async read(id: string): Promise<(Slots & Written) | undefined> {
      const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true }));
      const time = (name: string) => (Item?.[name]?.N === undefined ? undefined : Number(Item[name].N));
      const nextTurnAt = time("nextTurnAt");
      if (nextTurnAt === undefined) return undefined;
      return { nextTurnAt, nextProbeAt: time("nextProbeAt"), writtenAt: time("writtenAt") ?? 0 };
    },
  };
}

interface Written {
  readonly writtenAt: number;
}
