import { zip } from "es-toolkit/array";
import { failureOf } from "../runtime/failures.ts";
import { loggable } from "../runtime/loggable.ts";
import { byReceives } from "../runtime/one-by-one.ts";
import type { OwnQueue, QueueMessage } from "../runtime/own-queue.ts";
import type { Failed, Postpone } from "../runtime/postpone.ts";
import type { Announce } from "./announce.ts";
import { createLines, type LinePorts, type LineRules } from "./lines.ts";
import type { ClaimedLeads, Failure, Prepare } from "./prepare.ts";
import type { InvocationTimes } from "./time-budget.ts";

export interface CollectPorts extends LinePorts {
  readonly prepare: Prepare;
  readonly postpone: Postpone;
  readonly queue: Pick<OwnQueue, "take">;
  /** Milliseconds for which each lead of a burst lets its first message wait for more, from 0. */
  readonly gatherMilliseconds: number;
  readonly sleepUntil: (time: number) => Promise<void>;
}

/** An invocation, and what became of its messages. */
export interface Invocation {
  readonly times: InvocationTimes;
  /** What the execution environment knows: destinations whose last message was not announced quickly. */
  readonly slow: Set<string>;
  /** Messages that need nothing more and are still in the queue. */
  readonly done: QueueMessage[];
  /** Messages that are left to their receives. */
  readonly left: QueueMessage[];
  /** Messages for which there was no time. */
  readonly notBegun: QueueMessage[];
  /** Messages whose announcement threw. Their claims are not settled. */
  readonly thrown: Set<QueueMessage>;
}

/** Postpones messages, but for those that are left to their receives. */
export async function fail(failed: readonly Failed[], { left }: Invocation, { postpone }: CollectPorts): Promise<void> {
  if (failed.length > 0) left.push(...(await postpone(failed)));
}

/** Lines of an invocation that puts each message where it belongs when it is announced or not. */
export const linesOf = (invocation: Invocation, ports: CollectPorts, grow: LineRules["grow"]) =>
  createLines(
    { ...ports, announce: withoutThrowing(ports.announce, invocation) },
    {
      times: invocation.times,
      slow: invocation.slow,
      grow,
      async settle(leads: ClaimedLeads, outcome: "announced" | Failure) {
        const messages = leads.map(({ message }) => message);
        if (outcome === "announced") invocation.done.push(...messages);
        else
          await fail(
            messages.map((message) => ({ message, ...outcome })),
            invocation,
            ports,
          );
      },
    },
  );

/** Announces leads. What it throws becomes a failure. */
const withoutThrowing =
  (announce: Announce, { thrown }: Invocation): Announce =>
  async (destination, leads, ...times) => {
    try {
      return await announce(destination, leads, ...times);
    } catch (error) {
      for (const { message } of leads) thrown.add(message);
      return { kind: failureOf(error), cause: loggable(error) };
    }
  };

/** Milliseconds between two looks into an empty queue: while a burst is gathered, and while a destination is silent. */
const [betweenLooks, whileGathering, whileSilent] = [100, 25, 200];
/** Milliseconds for which a burst is gathered at most: then it has waited for as long as for a send slot. */
const longestGathering = 1000;
/** Messages that a look asks for, in one call of SQS. After a full one the next one asks for as many as there is room for. */
const lookSize = 10;

/** A burst of leads, which messages wait for. */
function createBurst(gatherMilliseconds: number, halfTime: number, now: () => number) {
  let foundAt: number | undefined;
  let gatheredUntil = 0;
  const burst = {
    /** Messages of it under preparation. */
    preparing: 0,
    /** More leads were found. One that lasts can pause for as long, because another invocation may have taken leads of it. */
    found() {
      foundAt ??= now();
      const wait = gatherMilliseconds === 0 ? 0 : Math.max(gatherMilliseconds, now() - foundAt);
      gatheredUntil = Math.min(now() + wait, foundAt + longestGathering, halfTime);
    },
    gatheredUntil: () => gatheredUntil,
    /** Messages that come just before the end are waited for while they are prepared, for `gatherMilliseconds` at most. */
    isGathering: () => now() < gatheredUntil || (burst.preparing > 0 && now() < gatheredUntil + gatherMilliseconds),
  };
  return burst;
}

/**
 * Announces new messages, and receives more from the own queue for as long as any announcement is under way. So a silent
 * destination does not delay the leads of the others. One lead of a destination is announced at once. More than one, in the
 * batch or found while the first is prepared, are a burst: it is gathered, up to a full message, until no lead has come for a
 * moment, or for longer if the burst has lasted longer.
 * @returns messages that it received and that were received before; nothing more is received then
 */
export async function announceAndReceive(fresh: readonly QueueMessage[], invocation: Invocation, ports: CollectPorts) {
  const { prepare, queue, capacity, gatherMilliseconds, now, sleepUntil } = ports;
  const { end, halfTime, receivesUntil } = invocation.times;
  const aside: QueueMessage[] = [];
  const burst = createBurst(gatherMilliseconds, halfTime, now);
  const lines = linesOf(invocation, ports, async (waiting, earliest = now()) => {
    await sleepUntil(earliest);
    const mayGrow = () => (waiting.length > 1 || burst.preparing > 0) && waiting.length < capacity;
    while (mayGrow() && burst.isGathering()) await sleepUntil(now() + 10);
  });

  /** Messages under preparation. */
  const adding = new Set<Promise<void>>();
  const prepareAll = async (messages: readonly QueueMessage[]) => {
    burst.preparing += messages.length;
    const until = new Date(end);
    const prepared = await Promise.all(messages.map((message) => prepare(message, until, lines.mayBegin)));
    burst.preparing -= messages.length;
    const failed: Failed[] = [];
    for (const [message, lead] of zip(messages, prepared)) {
      if (lead === "done") invocation.done.push(message);
      else if ("kind" in lead) failed.push({ message, ...lead });
      else lines.add(lead);
    }
    await fail(failed, invocation, ports);
  };
  const add = (messages: readonly QueueMessage[]) => {
    const added = prepareAll(messages).finally(() => adding.delete(added));
    adding.add(added);
  };

  /** @returns how many new messages there were */
  const receive = async (before: number): Promise<number> => {
    const mayReceive = aside.length === 0 && now() < (lines.isAnySilent() ? receivesUntil : halfTime);
    const room = mayReceive ? lines.room() - burst.preparing : 0;
    if (room <= 0) return 0;
    const { again, fresh: found } = byReceives(await queue.take(before < lookSize ? Math.min(room, lookSize) : room));
    aside.push(...again);
    if (found.length === 0) return 0;
    burst.found();
    add(found);
    return found.length;
  };

  const pause = (isGathering: boolean) => {
    if (isGathering) return whileGathering;
    return lines.isAnySilent() ? whileSilent : betweenLooks;
  };
  if (fresh.length > 1) burst.found();
  add(fresh);
  let found = fresh.length > 1 ? lookSize : 0;
  while (adding.size > 0 || lines.isBusy()) {
    found = await receive(found);
    if (found > 0) continue;
    const isGathered = now() >= burst.gatheredUntil();
    const change: Promise<unknown>[] = adding.size > 0 ? [...adding] : [lines.ended()];
    // While a single lead is prepared, one look is enough.
    if (!isGathered || lines.isBusy()) change.push(sleepUntil(now() + pause(!isGathered)));
    await Promise.race(change);
  }
  return aside;
}
