import type { preparer, Ready } from "./prepare.ts";
import type { OwnQueue, QueueMessage } from "./queue.ts";
import { digestCapacity } from "./slack-digest.ts";

/** What an invocation has in its hands: leads that wait to be announced, and messages whose end is known. */
export interface Collection {
  /**
   * Leads by channel. An announcer takes a group out when it announces it; what comes for the channel later is a group of
   * its own, behind those of the other channels.
   */
  readonly waiting: Map<string, [Ready, ...Ready[]]>;
  readonly done: QueueMessage[];
  readonly failed: QueueMessage[];
  add(messages: readonly QueueMessage[]): Promise<void>;
  /** Takes more from the queue, as much as the fullest digest has room for. @returns whether anything was there */
  takeMore(): Promise<boolean>;
  /** Takes more until a round brings no lead to announce: what was said before fills no digest. */
  takeAll(): Promise<void>;
}

export interface CollectPorts {
  readonly prepare: ReturnType<typeof preparer>;
  readonly queue: Pick<OwnQueue, "take">;
  readonly now: () => number;
}

/**
 * A new, empty collection.
 * @param claimedUntil when the invocation ends at the latest
 * @param takesUntil epoch milliseconds after which nothing more is taken
 */
export function collection({ prepare, queue, now }: CollectPorts, claimedUntil: Date, takesUntil: number): Collection {
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
      const { channel } = prepared.ready;
      const group = waiting.get(channel);
      if (group) group.push(prepared.ready);
      else waiting.set(channel, [prepared.ready]);
    }
  };
  const takeMore = async () => {
    const room = digestCapacity - Math.max(0, ...sizes());
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
