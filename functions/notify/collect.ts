import type { Prepare, ReadyLead } from "./prepare.ts";
import type { OwnQueue, QueueMessage } from "./queue.ts";

/** Leads of one destination. */
export type ReadyLeads = [ReadyLead, ...ReadyLead[]];

/** What an invocation has received: leads that are to be announced, and messages that are finished. */
export interface Collection {
  /**
   * Leads by destination. A group is taken out before it is announced. What is received for its destination afterwards is a
   * new group, behind those of the other destinations.
   */
  readonly waiting: Map<string, ReadyLeads>;
  /** Messages that need nothing more. */
  readonly done: QueueMessage[];
  /** Messages that are to be retried. */
  readonly failed: QueueMessage[];
  add(messages: readonly QueueMessage[]): Promise<void>;
  /** Receives as many messages as the fullest group has room for. @returns whether there were any */
  takeMore(): Promise<boolean>;
  /** Receives messages until there are none that bring leads to announce. */
  takeAll(): Promise<void>;
}

export interface CollectPorts {
  readonly prepare: Prepare;
  readonly queue: Pick<OwnQueue, "take">;
  readonly now: () => number;
}

interface CollectLimits {
  /** Leads that one message can hold. */
  readonly capacity: number;
  /** When the invocation ends at the latest. */
  readonly claimedUntil: Date;
  /** Epoch milliseconds after which nothing more is received. */
  readonly takesUntil: number;
}

/** A new, empty collection. */
export function createCollection(
  { prepare, queue, now }: CollectPorts,
  { capacity, claimedUntil, takesUntil }: CollectLimits,
): Collection {
  const waiting: Collection["waiting"] = new Map();
  const done: QueueMessage[] = [];
  const failed: QueueMessage[] = [];
  const sizes = () => [...waiting.values()].map((group) => group.length);

  const add = async (messages: readonly QueueMessage[]) => {
    for (const prepared of await Promise.all(messages.map((message) => prepare(message, claimedUntil)))) {
      if (prepared.status !== "ready") {
        (prepared.status === "done" ? done : failed).push(prepared.message);
        continue;
      }
      const { destination } = prepared.lead;
      const group = waiting.get(destination);
      if (group) group.push(prepared.lead);
      else waiting.set(destination, [prepared.lead]);
    }
  };
  const takeMore = async () => {
    const room = capacity - Math.max(0, ...sizes());
    const taken = room > 0 && now() < takesUntil ? await queue.take(room) : [];
    await add(taken);
    return taken.length > 0;
  };
  const leads = () => sizes().reduce((sum, size) => sum + size, 0);
  const takeAll = async () => {
    for (let before = -1; before < leads(); ) {
      before = leads();
      await takeMore();
    }
  };
  return { waiting, done, failed, add, takeMore, takeAll };
}
