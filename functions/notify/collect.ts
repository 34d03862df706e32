import { zip } from "es-toolkit/array";
import { sum } from "es-toolkit/math";
import { byReceives } from "../runtime/one-by-one.ts";
import type { OwnQueue, QueueMessage } from "../runtime/own-queue.ts";
import type { ClaimedLead, Prepare } from "./prepare.ts";

/** One lead or more of the same destination. */
export type ClaimedLeads = [ClaimedLead, ...ClaimedLead[]];

export interface CollectPorts {
  readonly prepare: Prepare;
  readonly queue: Pick<OwnQueue, "take">;
  /** Leads that one message can hold on every channel. */
  readonly capacity: number;
  readonly now: () => number;
  readonly sleepUntil: (time: number) => Promise<void>;
}

/** Milliseconds between two looks into an empty queue during the wait for a send slot. */
const betweenLooks = 100;

/**
 * What an invocation has received: leads that are to be announced, and messages that are finished. Messages that it receives
 * itself and that were received before are put aside, and nothing more is received then.
 * @param claimedUntil when the invocation ends at the latest
 * @param takesUntil epoch milliseconds after which nothing more is received
 */
export function createCollection(
  { prepare, queue, capacity, now, sleepUntil }: CollectPorts,
  claimedUntil: Date,
  takesUntil: number,
) {
  /** Leads by destination. */
  const waiting = new Map<string, ClaimedLeads>();
  /** Messages that need nothing more, and messages that are to be retried. */
  const finished: Record<"done" | "failed", QueueMessage[]> = { done: [], failed: [] };
  const aside: QueueMessage[] = [];
  const sizes = () => [...waiting.values()].map((group) => group.length);
  const leads = () => sum(sizes());

  const add = async (messages: readonly QueueMessage[]) => {
    const prepared = await Promise.all(messages.map((message) => prepare(message, claimedUntil)));
    for (const [message, lead] of zip(messages, prepared)) {
      if (typeof lead === "string") finished[lead].push(message);
      else addToGroup(waiting, lead);
    }
  };

  /** Receives as many messages as the fullest group has room for. @returns whether there were any new ones */
  const takeMore = async () => {
    const room = aside.length === 0 ? capacity - Math.max(0, ...sizes()) : 0;
    const { again, fresh } = byReceives(room > 0 && now() < takesUntil ? await queue.take(room) : []);
    aside.push(...again);
    await add(fresh);
    return fresh.length > 0;
  };

  return {
    waiting,
    ...finished,
    aside,
    add,
    /** Adds a lead that is prepared. */
    keep: (lead: ClaimedLead) => addToGroup(waiting, lead),
    /** Receives messages until there are none that bring leads to announce. */
    async takeAll() {
      let before: number;
      do {
        before = leads();
        await takeMore();
      } while (leads() > before);
    },
    /** Waits until the given time, in epoch milliseconds, and goes on receiving messages meanwhile. */
    async waitUntil(time: number) {
      while (now() < time) {
        if (!(await takeMore())) await sleepUntil(Math.min(time, now() + betweenLooks));
      }
    },
    /**
     * Takes out as many leads of a group as one message can hold. What is left of it, or is received for its destination
     * afterwards, is a new group, behind those of the other destinations.
     */
    takeOut(destination: string, [first, ...others]: ClaimedLeads): ClaimedLeads {
      waiting.delete(destination);
      const [next, ...rest] = others.slice(capacity - 1);
      if (next) waiting.set(destination, [next, ...rest]);
      return [first, ...others.slice(0, capacity - 1)];
    },
  };
}

function addToGroup(groups: Map<string, ClaimedLeads>, lead: ClaimedLead): void {
  const group = groups.get(lead.destination);
  if (group) group.push(lead);
  else groups.set(lead.destination, [lead]);
}
