import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeHandler, type NotifyPorts } from "../../../functions/notify/handler.ts";
import type { Prepared } from "../../../functions/notify/prepare.ts";
import type { QueueMessage } from "../../../functions/notify/queue.ts";
import { digestCapacity } from "../../../functions/notify/slack-digest.ts";
import { sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { awsError, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";

const start = Date.parse("2026-03-01T12:00:00.000Z");
const message = (messageId: string, receiveCount = 1): QueueMessage => ({
  messageId,
  receiptHandle: messageId,
  body: "",
  receiveCount,
});
const messages = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => message(`${name}${index}`));

interface Given extends Partial<NotifyPorts> {
  /** What waits in the queue besides what Lambda brings. */
  readonly waiting?: QueueMessage[];
  /** What comes into the queue later: milliseconds from the start, and how many. */
  readonly later?: readonly [number, QueueMessage[]];
  /** Milliseconds until the first turn. */
  readonly turn?: number;
  readonly told?: boolean;
  readonly channelOf?: (message: QueueMessage) => string;
  readonly prepared?: (message: QueueMessage) => Prepared | undefined;
}

function setUp({ waiting = [], later, turn = 0, told = true, channelOf = () => "sales", prepared, ...ports }: Given) {
  const clock = { now: start };
  const announced: { channel: string; ids: string[]; at: number }[] = [];
  const deleted: string[] = [];
  const cameBack: Record<string, number> = {};
  const takes: number[] = [];
  const meter = recordedMeter();
  const handler = makeHandler({
    prepare: async (one) =>
      prepared?.(one) ?? {
        status: "ready",
        ready: {
          lead: enrichedLead(),
          mayBeRepeat: false,
          announcement: one.messageId,
          channel: channelOf(one),
          message: one,
        },
      },
    announce: async (channel, leads, at) => {
      clock.now = Math.max(clock.now, at);
      announced.push({ channel, ids: leads.map(({ announcement }) => announcement), at: clock.now - start });
      return told;
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
      async comeBack(all, seconds) {
        for (const one of all) cameBack[one.messageId] = seconds(one);
      },
    },
    pace: { takeTurn: async () => start + turn },
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
  return { run, announced, deleted, cameBack, takes, meter };
}

const notify = suite("notify handler");

notify("posts one lead alone at once, without looking for more", async () => {
  const { run, announced, takes, deleted, meter } = setUp({ waiting: messages("more", 5) });
  assert.equal(await run(message("a")), { batchItemFailures: [] });
  assert.equal(announced, [{ channel: "sales", ids: ["a"], at: 0 }]);
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
  assert.is(announced[0]?.ids.length, digestCapacity);
  assert.is(waiting.length, 202 - digestCapacity);
});

notify("goes on collecting while it waits for its turn, even for one lead", async () => {
  const { run, announced } = setUp({ turn: 1000, later: [500, messages("late", 3)] });
  await run(message("a"));
  assert.equal(announced, [{ channel: "sales", ids: ["a", "late0", "late1", "late2"], at: 1000 }]);
});

notify("does not wait for a turn that would come when its time is over", async () => {
  const latest: number[] = [];
  const takeTurn = async (_: string, limit: number) => {
    latest.push(limit - start);
    return start + 30_000;
  };
  const { run, announced, takes } = setUp({ pace: { takeTurn } });
  await run(message("a"));
  assert.equal(latest, [18_000], "30 s less the 12 s that are kept for an email");
  assert.equal([announced.length, takes], [1, []]);
});

notify("posts one message a channel, for channels that it meets while collecting too", async () => {
  const channelOf = ({ messageId }: QueueMessage) => (messageId.startsWith("e") ? "emea" : "sales");
  const { run, announced } = setUp({ channelOf, waiting: [message("e0"), message("s1")] });
  await run(message("s0"), message("s2"));
  assert.equal(
    announced.map(({ channel, ids }) => [channel, ids]),
    [
      ["sales", ["s0", "s2", "s1"]],
      ["emea", ["e0"]],
    ],
  );
});

notify(
  "announces what comes for a channel after its message in another one, while it waits for the next channel's turn",
  async () => {
    const channelOf = ({ messageId }: QueueMessage) => (messageId.startsWith("e") ? "emea" : "sales");
    const turns = [0, 1000, 2000].map((turn) => start + turn);
    const pace = { takeTurn: async () => turns.shift() ?? Number.NaN };
    const { run, announced, deleted } = setUp({ channelOf, pace, later: [500, messages("s-late", 2)] });
    assert.equal(await run(message("s0"), message("e0")), { batchItemFailures: [] });
    assert.equal(announced, [
      { channel: "sales", ids: ["s0"], at: 0 },
      { channel: "emea", ids: ["e0"], at: 1000 },
      { channel: "sales", ids: ["s-late0", "s-late1"], at: 2000 },
    ]);
    assert.equal(deleted.sort(), ["s-late0", "s-late1"]);
  },
);

notify("stops taking when half of its time for Slack is over, so that what it took finds a turn", async () => {
  const later: [number, QueueMessage[]] = [9500, messages("late", 3)];
  const { run, announced } = setUp({ turn: 12_000, later });
  await run(message("a"));
  assert.equal([announced[0]?.ids, later[1].length], [["a"], 3]);
});

notify("ends collecting after a round that brings nothing to announce", async () => {
  const { run, takes, announced } = setUp({
    waiting: messages("told", 300),
    prepared: (one) => (one.messageId.startsWith("told") ? { status: "done", message: one } : undefined),
  });
  await run(message("a"), message("b"));
  assert.equal([takes.length, announced[0]?.ids], [1, ["a", "b"]]);
});

notify("lets leads come back whose announcement breaks, and goes on with the other channels", async () => {
  const channelOf = ({ messageId }: QueueMessage) => (messageId.startsWith("e") ? "emea" : "sales");
  const told: string[] = [];
  const log = recordedLog();
  const announce = async (channel: string) => {
    if (channel === "sales") throw new URIError("URI malformed for jane.roe@example.com");
    told.push(channel);
    return true;
  };
  const { run, cameBack, meter } = setUp({ channelOf, announce, log });
  assert.equal(await run(message("s0"), message("e0")), { batchItemFailures: [{ itemIdentifier: "s0" }] });
  assert.equal([told, cameBack, meter.counts], [["emea"], { s0: 10 }, { LeadsRetried: 1 }]);
  assert.not.match(JSON.stringify(log.lines), "jane");
});

notify("lets what nobody was told come back after seconds, and names only Lambda's own messages", async () => {
  const { run, cameBack, deleted } = setUp({ told: false, waiting: [message("mine", 2)] });
  const answer = await run(message("a", 1), message("b", 2));
  assert.equal(answer, { batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "b" }] });
  assert.equal(cameBack, { a: 10, b: 30, mine: 30 });
  assert.equal(deleted, []);
});

notify("is done with what was said before or buried, and lets come back what could not be prepared", async () => {
  const { run, announced, deleted, cameBack } = setUp({
    waiting: [message("mine-done"), message("mine-failed")],
    prepared: (one) => {
      if (one.messageId.endsWith("done")) return { status: "done", message: one };
      if (one.messageId.endsWith("failed")) return { status: "failed", message: one };
      return undefined;
    },
  });
  const answer = await run(message("done"), message("failed"), message("good"));
  assert.equal(answer, { batchItemFailures: [{ itemIdentifier: "failed" }] });
  assert.equal(announced[0]?.ids, ["good"]);
  assert.equal([deleted, Object.keys(cameBack).sort()], [["mine-done"], ["failed", "mine-failed"]]);
});

notify("posts without a turn when none can be had", async () => {
  const { run, announced } = setUp({ pace: { takeTurn: () => Promise.reject(awsError("Throttling", 400)) } });
  assert.equal(await run(message("a")), { batchItemFailures: [] });
  assert.is(announced.length, 1);
});

notify("keeps what was said when the queue cannot be updated", async () => {
  const log = recordedLog();
  const { run } = setUp({
    log,
    queue: {
      take: async () => [],
      delete: () => Promise.reject(awsError("ServiceUnavailable", 503)),
      comeBack: async () => {},
    },
  });
  assert.equal(await run(message("a")), { batchItemFailures: [] });
  assert.is(log.lines[0]?.message, "queue not updated");
});

notify.run();
