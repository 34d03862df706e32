import { setImmediate } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeHandler, type NotifyPorts } from "../../../functions/notify/handler.ts";
import type { QueueMessage } from "../../../functions/runtime/own-queue.ts";
import { sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { awsError, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";

const start = Date.parse("2026-03-01T12:00:00.000Z");
const message = (messageId: string, receiveCount = 1): QueueMessage => ({
  messageId,
  receiptHandle: messageId,
  body: "",
  receiveCount,
  attempt: 1,
  firstAttemptAt: undefined,
});
const messages = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => message(`${name}${index}`));

interface Given extends Partial<NotifyPorts> {
  /** What waits in the queue besides what Lambda brings. */
  readonly waiting?: QueueMessage[];
  /** What comes into the queue later: milliseconds from the start, and how many. */
  readonly later?: readonly [number, QueueMessage[]];
  /** Milliseconds until the send slot begins. */
  readonly slot?: number;
  readonly wasAnnounced?: boolean;
  readonly destinationOf?: (message: QueueMessage) => string;
  readonly wasInterrupted?: (message: QueueMessage) => boolean;
  readonly prepared?: (message: QueueMessage) => "done" | "failed" | undefined;
}

function setUp({
  waiting = [],
  later,
  slot = 0,
  wasAnnounced = true,
  destinationOf = () => "sales",
  wasInterrupted = () => false,
  prepared,
  ...ports
}: Given) {
  const clock = { now: start };
  const announced: { destination: string; ids: string[]; at: number }[] = [];
  const deleted: string[] = [];
  const retriedAfter: Record<string, number> = {};
  const takes: number[] = [];
  const meter = recordedMeter();
  const handler = makeHandler({
    prepare: async (one) =>
      prepared?.(one) ?? {
        lead: enrichedLead(),
        mayBeRepeat: false,
        wasInterrupted: wasInterrupted(one),
        claim: { ids: [one.messageId], claimant: "me" },
        destination: destinationOf(one),
        message: one,
      },
    announce: async (destination, leads, at) => {
      clock.now = Math.max(clock.now, at);
      announced.push({ destination, ids: leads.map(({ message }) => message.messageId), at: clock.now - start });
      return wasAnnounced ? "announced" : { kind: "unavailable", cause: {} };
    },
    queue: {
      async take(max) {
        takes.push(max);
        if (later && clock.now - start >= later[0]) waiting.push(...later[1].splice(0));
        return waiting.splice(0, max);
      },
      async delete(all) {
        deleted.push(...all.map(({ messageId }) => messageId));
      },
      async retryAfter(all, seconds) {
        for (const one of all) retriedAfter[one.messageId] = seconds(one);
      },
      sendAgain: async () => [],
    },
    capacity: 50,
    reserveSeconds: 12,
    reserveFirstSlot: async () => start + slot,
    log: recordedLog(),
    meter,
    now: () => clock.now,
    sleepUntil: async (time) => {
      clock.now = Math.max(clock.now, time);
    },
    ...ports,
  });
  const run = (...records: QueueMessage[]) =>
    handler(
      sqsEvent(
        ...records.map(({ messageId, receiveCount }) => ({
          ...sqsRecord("", messageId),
          attributes: { ...sqsRecord("").attributes, ApproximateReceiveCount: String(receiveCount) },
        })),
      ),
      { getRemainingTimeInMillis: () => 30_000 },
    );
  return { run, announced, deleted, retriedAfter, takes, meter };
}

const notify = suite("notify handler");

notify("announces one lead alone at once, without looking for more", async () => {
  const { run, announced, takes, deleted, meter } = setUp({ waiting: messages("more", 5) });
  assert.equal(await run(message("a")), { batchItemFailures: [] });
  assert.equal(announced, [{ destination: "sales", ids: ["a"], at: 0 }]);
  assert.equal([takes, deleted, meter.flushed], [[], [], 1]);
});

notify("takes the rest of a burst from its queue into one digest, and deletes what it took", async () => {
  const { run, announced, deleted } = setUp({ waiting: messages("more", 20) });
  assert.equal(await run(message("a"), message("b")), { batchItemFailures: [] });
  assert.is(announced.length, 1);
  assert.is(announced[0]?.ids.length, 22);
  assert.equal(
    deleted.sort(),
    messages("more", 20)
      .map(({ messageId }) => messageId)
      .sort(),
  );
});

notify("takes no more than fits one digest", async () => {
  const waiting = messages("more", 200);
  const { run, announced } = setUp({ waiting });
  await run(message("a"), message("b"));
  assert.is(announced[0]?.ids.length, 50);
  assert.is(waiting.length, 202 - 50);
});

notify("splits a batch that is larger than a message into messages of the capacity", async () => {
  const { run, announced } = setUp({ capacity: 2 });
  assert.equal(await run(...messages("a", 5)), { batchItemFailures: [] });
  assert.equal(
    announced.map(({ ids }) => ids),
    [["a0", "a1"], ["a2", "a3"], ["a4"]],
  );
});

notify("goes on collecting while it waits for its send slot, even for one lead", async () => {
  const { run, announced } = setUp({ slot: 1000, later: [500, messages("late", 3)] });
  await run(message("a"));
  assert.equal(announced, [{ destination: "sales", ids: ["a", "late0", "late1", "late2"], at: 1000 }]);
});

notify("does not wait for a send slot that begins when its time is over", async () => {
  const latest: number[] = [];
  const reserveFirstSlot = async (_: string, limit: number) => {
    latest.push(limit - start);
    return start + 30_000;
  };
  const { run, announced, takes } = setUp({ reserveFirstSlot });
  await run(message("a"));
  assert.equal(latest, [18_000], "30 s less the 12 s that are kept for an email");
  assert.equal([announced.length, takes], [1, []]);
});

notify("sends one message a destination, for destinations that it meets while collecting too", async () => {
  const destinationOf = ({ messageId }: QueueMessage) => (messageId.startsWith("e") ? "emea" : "sales");
  const { run, announced } = setUp({ destinationOf, waiting: [message("e0"), message("s1")] });
  await run(message("s0"), message("s2"));
  assert.equal(
    announced.map(({ destination, ids }) => [destination, ids]),
    [
      ["sales", ["s0", "s2", "s1"]],
      ["emea", ["e0"]],
    ],
  );
});

notify(
  "announces what is received for a destination after its message in another message, while it waits for the next destination's slot",
  async () => {
    const destinationOf = ({ messageId }: QueueMessage) => (messageId.startsWith("e") ? "emea" : "sales");
    const slots = [0, 1000, 2000].map((slot) => start + slot);
    const reserveFirstSlot = async () => slots.shift() ?? Number.NaN;
    const { run, announced, deleted } = setUp({ destinationOf, reserveFirstSlot, later: [500, messages("s-late", 2)] });
    assert.equal(await run(message("s0"), message("e0")), { batchItemFailures: [] });
    assert.equal(announced, [
      { destination: "sales", ids: ["s0"], at: 0 },
      { destination: "emea", ids: ["e0"], at: 1000 },
      { destination: "sales", ids: ["s-late0", "s-late1"], at: 2000 },
    ]);
    assert.equal(deleted.sort(), ["s-late0", "s-late1"]);
  },
);

notify("stops taking at half time, so that what it took finds a send slot", async () => {
  const later: [number, QueueMessage[]] = [9500, messages("late", 3)];
  const { run, announced } = setUp({ slot: 12_000, later });
  await run(message("a"));
  assert.equal([announced[0]?.ids, later[1].length], [["a"], 3]);
});

notify("ends collecting after a round that brings nothing to announce", async () => {
  const { run, takes, announced } = setUp({
    waiting: messages("told", 300),
    prepared: (one) => (one.messageId.startsWith("told") ? "done" : undefined),
  });
  await run(message("a"), message("b"));
  assert.equal([takes.length, announced[0]?.ids], [1, ["a", "b"]]);
});

notify("retries leads whose announcement throws, and goes on with the other destinations", async () => {
  const destinationOf = ({ messageId }: QueueMessage) => (messageId.startsWith("e") ? "emea" : "sales");
  const told: string[] = [];
  const log = recordedLog();
  const announce = async (destination: string) => {
    if (destination === "sales") throw new URIError("URI malformed for jane.roe@example.com");
    told.push(destination);
    return "announced" as const;
  };
  const { run, retriedAfter, meter } = setUp({ destinationOf, announce, log });
  assert.equal(await run(message("s0"), message("e0"), message("s1")), {
    batchItemFailures: [{ itemIdentifier: "s0" }, { itemIdentifier: "s1" }],
  });
  assert.equal([told, retriedAfter, meter.counts], [["emea"], { s0: 10, s1: 10 }, { LeadsRetried: 2 }]);
  assert.not.match(JSON.stringify(log.lines), "jane");
});

notify("retries what was not announced after seconds, and names only Lambda's own messages", async () => {
  const { run, retriedAfter, deleted } = setUp({ wasAnnounced: false, waiting: [message("mine", 2)] });
  const answer = await run(message("a", 1), message("b", 2), message("c", 1));
  assert.equal(answer, { batchItemFailures: ["b", "a", "c"].map((itemIdentifier) => ({ itemIdentifier })) });
  assert.equal(retriedAfter, { a: 10, b: 30, c: 10, mine: 30 });
  assert.equal(deleted, []);
});

notify("is done with what was announced before or dead-lettered, and retries what could not be prepared", async () => {
  const { run, announced, deleted, retriedAfter } = setUp({
    waiting: [message("mine-done"), message("mine-failed")],
    prepared: (one) => {
      if (one.messageId.endsWith("done")) return "done";
      if (one.messageId.endsWith("failed")) return "failed";
      return undefined;
    },
  });
  const answer = await run(message("done"), message("failed"), message("good"));
  assert.equal(answer, { batchItemFailures: [{ itemIdentifier: "failed" }] });
  assert.equal(announced[0]?.ids, ["good"]);
  assert.equal([deleted, Object.keys(retriedAfter).sort()], [["mine-done"], ["failed", "mine-failed"]]);
});

/** Messages that were received before, or as often as is said. */
const receivedBefore = (...names: string[]) => names.map((name) => message(name, 2));
const never = new Promise<never>(() => {});

notify("deletes each message that was received before, and the rest of its work harms none of them", async () => {
  const steps: string[] = [];
  const { run, deleted } = setUp({
    prepare: async ({ messageId }) => {
      steps.push(`${messageId} after ${deleted}`);
      return messageId === "killer" ? never : "done";
    },
  });
  void run(...receivedBefore("a", "b", "killer", "c"), message("new"));
  await setImmediate();
  assert.equal(steps, ["a after ", "b after a", "killer after a,b"]);
});

notify("lets messages that an invocation dies of become visible apart, after the visibility timeout", async () => {
  const { run, retriedAfter } = setUp({ prepare: () => never });
  void run(message("x"), ...receivedBefore("a", "b"), message("c", 3));
  await setImmediate();
  assert.equal(retriedAfter, { c: 180, a: 190, b: 200 });
});

notify("announces a lead alone whose announcement was interrupted, and deletes its message at once", async () => {
  const announcements: string[] = [];
  const { run, deleted } = setUp({
    wasInterrupted: () => true,
    announce: async (_, leads) => {
      announcements.push(`${leads.map(({ message }) => message.messageId)} after ${deleted}`);
      return "announced";
    },
  });
  assert.equal(await run(...receivedBefore("a", "b"), message("x"), message("y")), { batchItemFailures: [] });
  assert.equal(announcements, ["a after ", "b after a", "x,y after a,b"]);
});

notify(
  "announces in one message what an outage has left, and deletes it before it begins with new messages",
  async () => {
    const announcements: string[] = [];
    const { run, deleted, takes } = setUp({
      announce: async (_, leads) => {
        announcements.push(`${leads.map(({ message }) => message.messageId)} after ${deleted}`);
        return "announced";
      },
    });
    assert.equal(await run(message("x"), ...receivedBefore("a", "b")), { batchItemFailures: [] });
    assert.equal([announcements, takes], [["a,b after ", "x after a,b"], []]);
  },
);

notify(
  "puts aside what it receives itself and was received before, until all others are announced and deleted",
  async () => {
    const steps: string[] = [];
    const waiting = [message("mine"), ...receivedBefore("killer"), message("mine too")];
    const given = setUp({
      waiting,
      wasInterrupted: ({ receiveCount }) => receiveCount > 1,
      announce: async (_, leads) => {
        steps.push(`${leads.map(({ message }) => message.messageId)} after ${given.deleted}`);
        return leads[0].message.messageId === "killer" ? never : "announced";
      },
    });
    void given.run(message("x"), message("y"));
    await setImmediate();
    assert.equal(steps, ["x,y,mine,mine too after ", "killer after x,y,mine,mine too"]);
    assert.is(given.takes.length, 1);
  },
);

notify("begins no new message after half time, and no other one after the time for the first channel", async () => {
  let slot = start;
  const { run, announced, retriedAfter } = setUp({
    wasInterrupted: () => true,
    reserveFirstSlot: async () => {
      slot += 10_000;
      return slot;
    },
  });
  const answer = await run(...receivedBefore("a", "b", "c"), message("x"));
  assert.equal(answer, { batchItemFailures: [{ itemIdentifier: "c" }, { itemIdentifier: "x" }] });
  assert.equal(
    announced.map(({ ids }) => ids),
    [["a"], ["b"]],
    "b may be at its last receive",
  );
  assert.equal([retriedAfter.x, retriedAfter.c], [10, 30]);
});

notify("keeps what was announced when the queue cannot be updated", async () => {
  const log = recordedLog();
  const { run } = setUp({
    log,
    queue: {
      take: async () => [],
      delete: () => Promise.reject(awsError("ServiceUnavailable", 503)),
      retryAfter: async () => {},
      sendAgain: async () => [],
    },
  });
  assert.equal(await run(message("a")), { batchItemFailures: [] });
  assert.is(log.lines[0]?.message, "queue not updated");
});

notify.run();
