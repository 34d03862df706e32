import { noTime } from "../runtime/postpone.ts";
import type { Announce } from "./announce.ts";
import type { ClaimedLead, ClaimedLeads, Failure, Release } from "./prepare.ts";
import type { InvocationTimes } from "./time-budget.ts";

export interface LinePorts {
  readonly announce: Announce;
  readonly release: Release;
  /**
   * Reserves a send slot of the first channel.
   * @param isAlone whether the message has a single lead, which waits for others if it comes before its turn
   * @returns when it begins, in epoch milliseconds
   */
  readonly reserveFirstSlot: (destination: string, latest: number, isAlone: boolean) => Promise<number>;
  /** Leads that one message can hold on every channel. */
  readonly capacity: number;
  readonly now: () => number;
}

/** What the lines of an invocation need to know of it. */
export interface LineRules {
  readonly times: InvocationTimes;
  /** Destinations whose last message was not announced quickly. The lines keep it up to date. */
  readonly slow: Set<string>;
  /**
   * Waits for as long as a message should grow.
   * @param waiting the leads of the line, which more can join
   * @param earliest epoch milliseconds until which it waits at least. A lead that is alone can meet a burst until then.
   * @default it need not wait
   */
  readonly grow: (waiting: readonly ClaimedLead[], earliest?: number) => Promise<void>;
  /** Is called with what became of each message. */
  readonly settle: (leads: ClaimedLeads, outcome: "announced" | Failure) => Promise<void>;
}

/** The leads of a destination. */
interface Line {
  /** They are in the next message, or in a later one. */
  readonly waiting: ClaimedLead[];
  /** When its message under way began, in epoch milliseconds. */
  since?: number | undefined;
}

/** Milliseconds after which a destination counts as silent while it does not answer, and as slow when it has. */
const quickMilliseconds = 2000;

/**
 * The leads of an invocation, in a line for each destination. A line begins with its first lead: it announces one message
 * after the other until it is empty. The lines do not wait for each other. A lead whose turn comes too late is given back.
 * @param ports whose `announce` does not throw
 */
export function createLines(ports: LinePorts, { times, slow, grow, settle }: LineRules) {
  const { announce, release, reserveFirstSlot, capacity, now } = ports;
  const { latest, halfTime, slowUntil } = times;
  const lines = new Map<string, Line>();
  const work = new Set<Promise<void>>();

  const isSilent = ({ since }: Line) => since !== undefined && now() - since >= quickMilliseconds;
  const mayBegin = (destination: string) => {
    const line = lines.get(destination);
    return !(line && isSilent(line)) && now() <= (slow.has(destination) ? slowUntil : latest);
  };

  /** Waits for the next send slot. @returns when it began; a time after `latest`, at once, if there is none in time */
  const nextSlot = async (destination: string, line: Line): Promise<number> => {
    if (!mayBegin(destination)) return Number.POSITIVE_INFINITY;
    await grow(line.waiting);
    const slot = await reserveFirstSlot(destination, latest, line.waiting.length === 1);
    if (slot > now() && slot <= latest) await grow(line.waiting, slot);
    return slot;
  };

  /** Without a slot in time the next channel gets the leads, but after half time the next invocation may have one. */
  const announceOrRelease = async (destination: string, line: Line, leads: ClaimedLeads, slot: number) => {
    if (mayBegin(destination) && (slot <= latest || now() <= halfTime)) {
      line.since = now();
      const outcome = await announce(destination, leads, slot, latest);
      const wasQuick = outcome === "announced" && !isSilent(line);
      slow[wasQuick ? "delete" : "add"](destination);
      line.since = undefined;
      return outcome;
    }
    await Promise.all(leads.map(release));
    return noTime;
  };

  const run = async (destination: string, line: Line) => {
    while (line.waiting.length > 0) {
      // Send slots are best effort: without a reservation the message is posted now.
      const slot = await nextSlot(destination, line).catch(now);
      const leads = line.waiting.splice(0, capacity) as ClaimedLeads;
      await settle(leads, await announceOrRelease(destination, line, leads, slot));
    }
    lines.delete(destination);
  };

  return {
    /** Whether a message can begin now: not behind one that is silent, and not too late. */
    mayBegin,
    add(lead: ClaimedLead) {
      const { destination } = lead;
      const line = lines.get(destination);
      if (line) return void line.waiting.push(lead);
      const begun: Line = { waiting: [lead] };
      lines.set(destination, begun);
      // Leads that are added together are in one message.
      const running = Promise.resolve()
        .then(() => run(destination, begun))
        .finally(() => work.delete(running));
      work.add(running);
    },
    isBusy: () => lines.size > 0,
    /** Whether a message is under way for long. */
    isAnySilent: () => [...lines.values()].some(isSilent),
    /** Leads that the next messages have room for, whichever destination they are for. Silent destinations get none. */
    room: () =>
      capacity - Math.max(0, ...[...lines.values()].map((line) => (isSilent(line) ? 0 : line.waiting.length))),
    /** Waits until the lines of now have ended. */
    ended: () => Promise.all(work),
  };
}
