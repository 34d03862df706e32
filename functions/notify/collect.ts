import { zip } from "es-toolkit/array";
import { byReceives } from "../runtime/one-by-one.ts";
import type { OwnQueue, QueueMessage } from "../runtime/own-queue.ts";
import type { Failed, Postpone } from "../runtime/postpone.ts";
import { createLines, type LinePorts, type LineRules } from "./lines.ts";
import type { ClaimedLeads, Failure, Prepare } from "./prepare.ts";
import type { InvocationTimes } from "./time-budget.ts";

export interface CollectPorts extends LinePorts {
  readonly prepare: Prepare;
  readonly postpone: Postpone;
  readonly queue: Pick<OwnQueue, "take">;
  /** Milliseconds for which a burst is gathered before its first message, from 0. */
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
}

/** Postpones messages, but for those that are left to their receives. */
export async function fail(failed: readonly Failed[], { left }: Invocation, { postpone }: CollectPorts): Promise<void> {
  if (failed.length > 0) left.push(...(await postpone(failed)));
}

/** Lines of an invocation that puts each message where it belongs when it is announced or not. */
export const linesOf = (invocation: Invocation, ports: CollectPorts, waitForSlot: LineRules["waitForSlot"]) =>
  createLines(ports, {
    times: invocation.times,
    slow: invocation.slow,
    waitForSlot,
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
  });

/** Milliseconds between two looks into an empty queue: while a burst is gathered, and while a destination is silent. */
const [betweenLooks, whileGathering, whileSilent] = [100, 25, 200];
/** Messages that a look asks for, in one call of SQS. If there are any, the next one asks for as many as there is room for. */
const lookSize = 10;

/**
 * Announces new messages, and receives more from the own queue for as long as any announcement is under way. So a silent
 * destination does not delay the leads of the others. One lead of a destination is announced at once. More than one, in the
 * batch or found while the first is prepared, are a burst: it is gathered for a moment, up to a full message, before the first
 * post.
 * @returns messages that it received and that were received before; nothing more is received then
 */
export async function announceAndReceive(fresh: readonly QueueMessage[], invocation: Invocation, ports: CollectPorts) {
  const { prepare, queue, capacity, gatherMilliseconds, now, sleepUntil } = ports;
  const { end, halfTime, receivesUntil } = invocation.times;
  const aside: QueueMessage[] = [];
  const burst = { gatheredUntil: fresh.length > 1 ? now() + gatherMilliseconds : 0, hasBegun: false, preparing: 0 };

  /** What was received just before the end of the gathering is waited for, but not for longer than it takes again. */
  const isGathering = () =>
    now() < burst.gatheredUntil || (burst.preparing > 0 && now() < burst.gatheredUntil + gatherMilliseconds);
  const lines = linesOf(invocation, ports, async (slot, waiting) => {
    await sleepUntil(slot);
    const mayGrow = () => (waiting.length > 1 || burst.preparing > 0) && waiting.length < capacity;
    while (mayGrow() && isGathering()) await sleepUntil(now() + 10);
    burst.hasBegun = true;
  });

  const add = async (messages: readonly QueueMessage[]) => {
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

  /** @returns whether there were any new messages */
  const receive = async (isBurst: boolean): Promise<boolean> => {
    const mayReceive = aside.length === 0 && now() < (lines.isAnySilent() ? receivesUntil : halfTime);
    const room = mayReceive ? lines.room() - burst.preparing : 0;
    if (room <= 0) return false;
    const { again, fresh: found } = byReceives(await queue.take(isBurst ? room : Math.min(room, lookSize)));
    aside.push(...again);
    if (found.length > 0 && !burst.hasBegun) burst.gatheredUntil ||= now() + gatherMilliseconds;
    await add(found);
    return found.length > 0;
  };

  const pause = (isGathering: boolean) => {
    if (isGathering) return whileGathering;
    return lines.isAnySilent() ? whileSilent : betweenLooks;
  };
  let isFirstPrepared = false;
  const first = add(fresh).finally(() => {
    isFirstPrepared = true;
  });
  let foundMore = fresh.length > 1;
  while (!isFirstPrepared || lines.isBusy()) {
    foundMore = await receive(foundMore);
    if (foundMore) continue;
    const isGathered = now() >= burst.gatheredUntil;
    const change = [Promise.all([first, lines.ended()]) as Promise<unknown>];
    // While the first lead is prepared, one look is enough.
    if (!isGathered || lines.isBusy()) change.push(sleepUntil(now() + pause(!isGathered)));
    await Promise.race(change);
  }
  await first;
  return aside;
}
