import { setImmediate } from "node:timers/promises";
import { range } from "es-toolkit/math";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { NotAnnounced } from "../../../functions/notify/announce.ts";
import { makeHandler, type NotifyPorts } from "../../../functions/notify/handler.ts";
import type { Failure } from "../../../functions/notify/prepare.ts";
import type { QueueMessage } from "../../../functions/runtime/own-queue.ts";
import { type Failed, noTime } from "../../../functions/runtime/postpone.ts";
import { sqsEvent, sqsRecord } from "../../helpers/aws-events.ts";
import { awsError, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { recordedOutcomes } from "../../helpers/outcomes.ts";
import { VirtualClock } from "../../helpers/virtual-clock.ts";

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
  /** What comes into the queue later: milliseconds from the start, and what. */
  readonly later?: readonly (readonly [number, readonly QueueMessage[]])[];
  /** Milliseconds that it takes to prepare a message, and to announce at a destination. */
  readonly preparing?: (message: QueueMessage) => number;
  readonly posting?: (destination: string) => number;
  /** Milliseconds from the start until the send slot begins. */
  readonly slot?: number;
  /** What the announcement at a destination fails with. */
  readonly failure?: (destination: string) => NotAnnounced | undefined;
  readonly destinationOf?: (message: QueueMessage) => string;
  readonly wasInterrupted?: (message: QueueMessage) => boolean;
  readonly prepared?: (message: QueueMessage) => "done" | Failure | undefined;
}

function setUp({
  waiting = [],
  later = [],
  preparing = () => 0,
  posting = () => 0,
  slot = 0,
  failure = () => undefined,
  destinationOf = () => "sales",
  wasInterrupted = () => false,
  prepared,
  ...ports
}: Given) {
  const clock = new VirtualClock(start);
  const arrivals = [...later];
  const announced: { destination: string; ids: string[]; at: number }[] = [];
  const deleted: string[] = [];
  const retriedAfter: Record<string, number> = {};
  const postponed: Record<string, Failed["kind"]> = {};
  const released: string[] = [];
  const takes: number[] = [];
  const lookedAt: number[] = [];
  const meter = recordedMeter();
  const handler = makeHandler({
    prepare: async (one, _, mayBegin) => {
      await clock.sleep(preparing(one));
      const destination = destinationOf(one);
      const lead = enrichedLead();
      const claim = { ids: [one.messageId], claimant: "me" };
      if (!mayBegin(destination)) return noTime;
      const claimed = {
        lead,
        mayBeRepeat: false,
        wasInterrupted: wasInterrupted(one),
        claim,
        destination,
        message: one,
      };
      return prepared?.(one) ?? claimed;
    },
    announce: async (destination, leads) => {
      announced.push({ destination, ids: leads.map(({ message }) => message.messageId), at: clock.now - start });
      await clock.sleep(posting(destination));
      return failure(destination) ?? "announced";
    },
    queue: {
      async take(max) {
        takes.push(max);
        lookedAt.push(clock.now - start);
        while (arrivals[0] && clock.now - start >= arrivals[0][0]) waiting.push(...(arrivals.shift()?.[1] ?? []));
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
    postpone: async (failed) => {
      for (const { message, kind } of failed) postponed[message.messageId] = kind;
      return failed.filter(({ kind }) => kind === "fault").map(({ message }) => message);
    },
    release: async ({ message }) => {
      await setImmediate();
      released.push(message.messageId);
    },
    outcomes: recordedOutcomes(),
    capacity: 50,
    gatherMilliseconds: 150,
    reserveSeconds: 13,
    reserveFirstSlot: async () => Math.max(clock.now, start + slot),
    log: recordedLog(),
    meter,
    now: () => clock.now,
    sleepUntil: clock.sleepUntil,
    ...ports,
  });
  /** Begins an invocation; time does not go on. */
  const begin = (...records: QueueMessage[]) =>
    handler(
      sqsEvent(
        ...records.map(({ messageId, receiveCount }) => ({
          ...sqsRecord("", messageId),
          attributes: { ...sqsRecord("").attributes, ApproximateReceiveCount: String(receiveCount) },
        })),
      ),
      { getRemainingTimeInMillis: () => 30_000 },
    );
  const run = (...records: QueueMessage[]) => clock.run(begin(...records));
  const ended = () => clock.now - start;
  return { begin, run, ended, clock, announced, deleted, retriedAfter, postponed, released, takes, lookedAt, meter };
}

const nothingFailed = { batchItemFailures: [] };
/** A destination for each first letter. */
const byLetter = ({ messageId }: QueueMessage) => messageId.charAt(0);

const notify = suite("notify handler");

notify("announces one lead at once, and looks for more meanwhile with one call each", async () => {
  const { run, ended, announced, takes, deleted, meter } = setUp({ preparing: () => 40, posting: () => 50 });
  assert.equal(await run(message("a")), nothingFailed);
  assert.equal([announced, ended()], [[{ destination: "sales", ids: ["a"], at: 40 }], 90]);
  assert.equal([takes, deleted, meter.flushed], [[10, 10], [], 1]);
});

notify("gathers when it finds more while it prepares the first lead, and deletes what it took", async () => {
  const given = { preparing: () => 40, waiting: messages("more", 2), later: [[100, messages("late", 3)]] as const };
  const { run, announced, deleted } = setUp(given);
  assert.equal(await run(message("a")), nothingFailed);
  assert.equal(announced, [{ destination: "sales", ids: ["a", "more0", "more1", "late0", "late1", "late2"], at: 270 }]);
  assert.equal(deleted, ["more0", "more1", "late0", "late1", "late2"]);
});

notify("gathers when a batch holds several leads", async () => {
  const { run, announced } = setUp({ later: [[120, messages("more", 20)]] });
  assert.equal(await run(message("a"), message("b")), nothingFailed);
  assert.equal(
    announced.map(({ ids, at }) => [ids.length, at]),
    [[22, 280]],
  );
});

notify("ends the gathering of a burst that goes on after a second", async () => {
  const later = range(0, 3000, 100).map((at) => [at, [message(`late${at}`)]] as const);
  const { run, announced } = setUp({ later });
  await run(message("a"), message("b"));
  assert.is(announced[0]?.at, 1000);
  assert.is(announced[0]?.ids.length, 13);
});

notify("ends the gathering when the message is full, and takes no more than fits", async () => {
  const waiting = messages("more", 200);
  const { run, announced } = setUp({ waiting, preparing: () => 20, posting: () => 50 });
  await run(message("a"), message("b"));
  assert.equal([announced[0]?.ids.length, announced[0]?.at], [50, 30]);
});

notify("posts what is there without gathering when the setting is 0", async () => {
  const given = { gatherMilliseconds: 0, later: [[80, messages("late", 2)]] as const, posting: () => 150 };
  const { run, announced, ended } = setUp(given);
  await run(message("a"), message("b"));
  const digests = [
    { destination: "sales", ids: ["a", "b"], at: 0 },
    { destination: "sales", ids: ["late0", "late1"], at: 150 },
  ];
  assert.equal([announced, ended()], [digests, 300]);
});

notify("gathers leads of a destination that appears meanwhile, but not for one that has a single lead", async () => {
  const { run, announced } = setUp({
    destinationOf: byLetter,
    later: [[60, [message("east1"), message("west3"), message("north1"), message("north2")]]],
  });
  await run(message("west1"), message("west2"));
  assert.equal(
    announced.map(({ ids, at }) => [ids, at]),
    [
      [["east1"], 75],
      [["north1", "north2"], 225],
      [["west1", "west2", "west3"], 230],
    ],
  );
});

for (const [milliseconds, ids, at] of [
  [60, ["a", "b", "late"], 280],
  [5000, ["a", "b"], 430],
] as const) {
  notify(`waits ${at} ms for a lead that was received while gathering and takes ${milliseconds} ms`, async () => {
    const preparing = ({ messageId }: QueueMessage) => (messageId === "late" ? milliseconds : 0);
    const { run, announced } = setUp({ preparing, later: [[125, [message("late")]]] });
    assert.equal(await run(message("a"), message("b")), nothingFailed);
    assert.equal([announced[0]?.ids, announced[0]?.at], [ids, at]);
    assert.equal(announced.flatMap((one) => one.ids).sort(), ["a", "b", "late"]);
  });
}

notify("posts at the end of the gathering although a receive hangs, and announces what that brings", async () => {
  const given = setUp({
    queue: {
      take: async () => {
        await given.clock.sleep(given.takes.push(0) === 1 ? 6000 : 0);
        return given.takes.length === 1 ? [message("late")] : [];
      },
      delete: async () => {},
      retryAfter: async () => {},
      sendAgain: async () => [],
    },
  });
  assert.equal(await given.run(message("a"), message("b")), nothingFailed);
  assert.equal(
    given.announced.map(({ ids, at }) => [ids, at]),
    [
      [["a", "b"], 150],
      [["late"], 6000],
    ],
  );
});

notify("splits a batch that is larger than a message into messages of the capacity, one after the other", async () => {
  const { run, announced } = setUp({ capacity: 2, posting: () => 400 });
  assert.equal(await run(...messages("a", 5)), nothingFailed);
  assert.equal(
    announced.map(({ ids, at }) => [ids, at]),
    [
      [["a0", "a1"], 0],
      [["a2", "a3"], 400],
      [["a4"], 800],
    ],
  );
});

notify("goes on collecting while it waits for its send slot, even for one lead", async () => {
  const { run, announced } = setUp({ slot: 1000, later: [[500, messages("late", 3)]] });
  await run(message("a"));
  assert.equal(announced, [{ destination: "sales", ids: ["a", "late0", "late1", "late2"], at: 1000 }]);
});

notify("waits for a send slot with a message that was received before", async () => {
  const { run, announced } = setUp({ slot: 1000 });
  await run(message("a", 2));
  assert.equal(announced, [{ destination: "sales", ids: ["a"], at: 1000 }]);
});

notify("gathers the burst that comes while a single lead waits for its slot", async () => {
  const later = [[80, messages("late", 3)] as const, [200, messages("later", 3)] as const];
  const { run, announced } = setUp({ slot: 150, later });
  await run(message("a"));
  assert.equal(
    announced.map(({ ids, at }) => [ids.length, at]),
    [[7, 350]],
  );
});

for (const [last, count, at] of [
  [475, 5, 950],
  [525, 4, 500],
] as const) {
  notify(`waits for as long as a burst has lasted: for a lead after ${last} ms until ${at} ms`, async () => {
    const later = [125, 250, last].map((time) => [time, [message(`after${time}`)]] as const);
    const { run, announced } = setUp({ later });
    await run(message("a"), message("b"));
    assert.equal([announced[0]?.ids.length, announced[0]?.at], [count, at]);
  });
}

notify("does not gather when half of its time is over, because it receives nothing more", async () => {
  const { run, announced } = setUp({ slot: 8450, later: [[8400, messages("late", 3)]] });
  await run(message("a"));
  assert.equal(
    announced.map(({ ids, at }) => [ids.length, at]),
    [[4, 8500]],
  );
});

notify("does not wait for a send slot that begins when its time is over", async () => {
  const latest: number[] = [];
  const reserveFirstSlot = async (_: string, limit: number) => {
    latest.push(limit - start);
    return start + 30_000;
  };
  const { run, announced } = setUp({ reserveFirstSlot });
  await run(message("a"));
  assert.equal(latest, [17_000], "30 s less the 13 s that are kept for an email and the queue");
  assert.equal(announced, [{ destination: "sales", ids: ["a"], at: 0 }]);
});

notify("posts at once when no send slot can be reserved", async () => {
  const reserveFirstSlot = () => Promise.reject(awsError("ThrottlingException", 400));
  const { run, announced } = setUp({ reserveFirstSlot });
  assert.equal(await run(message("a")), nothingFailed);
  assert.equal(announced, [{ destination: "sales", ids: ["a"], at: 0 }]);
});

notify("announces all destinations at the same time, and what arrives for a healthy one at once", async () => {
  const { run, ended, announced, postponed, deleted } = setUp({
    destinationOf: byLetter,
    posting: (destination) => (destination === "h" ? 100 : 11_000),
    failure: (destination) => (destination === "h" ? undefined : { kind: "unavailable", cause: {} }),
    later: [3000, 8000, 12_000].map((at) => [at, [message(`healthy${at}`)]] as const),
    gatherMilliseconds: 0,
  });
  assert.equal(await run(message("silent"), message("quiet"), message("healthy")), nothingFailed);
  assert.equal(
    announced.map(({ destination, at }) => [destination, at]),
    [
      ["s", 0],
      ["q", 0],
      ["h", 0],
      ["h", 3000],
      ["h", 8000],
    ],
  );
  assert.equal(postponed, { silent: "unavailable", quiet: "unavailable" });
  assert.equal([deleted, ended()], [["healthy3000", "healthy8000"], 11_000]);
});

notify("keeps a destination's leads in order, one message at a time", async () => {
  const { run, announced } = setUp({ posting: () => 1500, later: [[300, messages("late", 2)]] });
  assert.equal(await run(message("a")), nothingFailed);
  assert.equal(
    announced.map(({ ids, at }) => [ids, at]),
    [
      [["a"], 0],
      [["late0", "late1"], 1500],
    ],
  );
});

const silent: Partial<Given> = {
  destinationOf: byLetter,
  posting: (destination) => (destination === "s" ? 11_000 : 100),
  failure: (destination) => (destination === "s" ? { kind: "unavailable", cause: {} } : undefined),
};

notify("postpones leads behind a silent message, and has room for others", async () => {
  const later = [
    [500, messages("s-early", 9)],
    [3000, [...messages("s-late", 100), message("healthy")]],
  ] as const;
  const { run, announced, released, postponed } = setUp({ ...silent, capacity: 10, later });
  assert.equal(await run(message("s")), nothingFailed);
  const [, healthy, ...more] = announced;
  assert.equal([healthy?.ids, more], [["healthy"], []]);
  assert.ok(Number(healthy?.at) < 3500);
  const early = messages("s-early", 9).map(({ messageId }) => messageId);
  assert.equal(released, early, "their claims are given back when the silence has ended, after half time");
  assert.equal(Object.keys(postponed).length, 1 + 9 + 100);
});

for (const [what, given, until] of [
  ["shortly before the last send slot while a destination is silent", { ...silent, slot: 6900 }, 16_000],
  ["half time while it waits for a send slot, so that what it took finds one", { slot: 12_000 }, 8500],
] as const) {
  notify(`receives until ${what}`, async () => {
    const { run, lookedAt } = setUp(given);
    await run(message("s"));
    const last = Number(lookedAt.at(-1));
    assert.ok(last < until && last >= until - 100, `${last}`);
    assert.ok(lookedAt.length <= until / 100 + 1, `${lookedAt.length} looks`);
  });
}

notify("sends nothing late to a destination that was silent before, so that it receives again soon", async () => {
  const { run, announced, postponed } = setUp({
    ...silent,
    posting: (destination) => ({ s: 11_000, x: 9000 })[destination] ?? 100,
    later: [[11_000 + 7500, [message("s-late"), message("healthy")]]],
  });
  await run(message("s"));
  await run(message("x"));
  assert.equal(
    announced.map(({ ids }) => ids),
    [["s"], ["x"], ["healthy"]],
  );
  assert.equal(postponed, { s: "unavailable", "s-late": "busy" });
});

notify(
  "gives leads back for which there is no send slot after half time, because the next invocation has one",
  async () => {
    const slots = [start, start + 30_000];
    const { run, announced, released, postponed } = setUp({
      posting: () => 9000,
      reserveFirstSlot: async () => slots.shift() ?? Number.NaN,
      later: [[1000, [message("late")]]],
    });
    assert.equal(await run(message("a")), nothingFailed);
    assert.equal(
      announced.map(({ ids }) => ids),
      [["a"]],
    );
    assert.equal([released, postponed], [["late"], { late: "busy" }]);
  },
);

notify("postpones or retries what was not announced or could not be prepared, by its kind", async () => {
  const kinds = { u: "unavailable", n: "needsPerson", c: "busy", f: "fault" } as const;
  const kindOf = ({ messageId }: QueueMessage) => kinds[messageId.charAt(1) as keyof typeof kinds];
  const { run, postponed, retriedAfter, deleted } = setUp({
    prepared: (one) => ({ kind: kindOf(one), cause: {} }),
    waiting: [message("mf"), message("mu")],
  });
  const answer = await run(...["au", "an", "ac", "af"].map((name) => message(name)));
  assert.equal(answer, { batchItemFailures: [{ itemIdentifier: "af" }] }, "postponed messages are deleted");
  const expected = { au: "unavailable", an: "needsPerson", ac: "busy", af: "fault", mf: "fault", mu: "unavailable" };
  assert.equal([postponed, retriedAfter, deleted], [expected, { af: 10, mf: 10 }, []]);
});

notify("postpones what no channel took, when its announcement has ended and not later", async () => {
  const given = setUp({
    destinationOf: byLetter,
    failure: (destination) => (destination === "d" ? { kind: "needsPerson", cause: {} } : undefined),
    posting: (destination) => (destination === "d" ? 50 : 2000),
    postpone: async (failed) => {
      given.postponed[failed.map(({ message }) => message.messageId).join()] = failed[0]?.kind ?? "fault";
      assert.is(given.ended(), 150 + 50);
      return [];
    },
  });
  assert.equal(await given.run(message("d1"), message("d2"), message("healthy")), nothingFailed);
  assert.equal(given.postponed, { "d1,d2": "needsPerson" });
});

notify("retries what cannot be sent again: only Lambda's own messages are named, and its own too", async () => {
  const { run, retriedAfter, deleted } = setUp({
    failure: () => ({ kind: "unavailable", cause: {} }),
    postpone: async (failed) => failed.map(({ message }) => message),
    waiting: [message("mine", 2)],
  });
  const answer = await run(message("a", 1), message("b", 2), message("c", 1));
  assert.equal(answer, { batchItemFailures: ["b", "a", "c"].map((itemIdentifier) => ({ itemIdentifier })) });
  assert.equal(retriedAfter, { a: 10, b: 30, c: 10, mine: 30 });
  assert.equal(deleted, []);
});

notify("retries leads whose announcement throws, while the others under way come to their end", async () => {
  const failures: Failed[] = [];
  const steps: string[] = [];
  const given = setUp({
    destinationOf: byLetter,
    announce: async (destination) => {
      await given.clock.sleep(destination === "s" ? 100 : 1000);
      if (destination === "s") throw new URIError("URI malformed for jane.roe@example.com");
      steps.push(`${destination} at ${given.ended()}`);
      return "announced";
    },
    postpone: async (failed) => {
      failures.push(...failed);
      return failed.map(({ message }) => message);
    },
  });
  assert.equal(await given.run(message("s0"), message("e0"), message("s1")), {
    batchItemFailures: [{ itemIdentifier: "s0" }, { itemIdentifier: "s1" }],
  });
  const claimsEnd = 30 - 1 + 120;
  assert.equal(steps, ["e at 1000"]);
  for (const name of ["s0", "s1"]) {
    const seconds = Number(given.retriedAfter[name]);
    assert.ok(seconds > claimsEnd && seconds < claimsEnd + 5, "when the claims are over");
  }
  assert.equal(
    failures.map(({ kind, cause }) => [kind, cause]),
    Array(2).fill(["fault", { errorClass: "URIError" }]),
  );
});

notify("is done with what was announced before or dead-lettered", async () => {
  const { run, announced, deleted } = setUp({
    waiting: [message("mine-done")],
    prepared: ({ messageId }) => (messageId.endsWith("done") ? "done" : undefined),
  });
  assert.equal(await run(message("done"), message("good")), nothingFailed);
  assert.equal([announced[0]?.ids, deleted], [["good"], ["mine-done"]]);
});

/** Messages that were received before, or as often as is said. */
const receivedBefore = (...names: string[]) => names.map((name) => message(name, 2));
const never = new Promise<never>(() => {});

notify("deletes each message that was received before, and the rest of its work harms none of them", async () => {
  const steps: string[] = [];
  const { begin, deleted } = setUp({
    prepare: async ({ messageId }) => {
      steps.push(`${messageId} after ${deleted}`);
      return messageId === "killer" ? never : "done";
    },
  });
  void begin(...receivedBefore("a", "b", "killer", "c"), message("new"));
  await setImmediate();
  assert.equal(steps, ["a after ", "b after a", "killer after a,b"]);
});

notify("lets messages that an invocation dies of become visible apart, after the visibility timeout", async () => {
  const { begin, retriedAfter } = setUp({ prepare: () => never });
  void begin(message("x"), ...receivedBefore("a", "b"), message("c", 3));
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
  assert.equal(await run(...receivedBefore("a", "b"), message("x"), message("y")), nothingFailed);
  assert.equal(announcements, ["a after ", "b after a", "x,y after a,b"]);
});

notify("does not gather for messages that were received before, and receives nothing beside them", async () => {
  const announcements: string[] = [];
  const { run, ended, deleted, takes } = setUp({
    waiting: messages("more", 3),
    announce: async (_, leads) => {
      announcements.push(`${leads.map(({ message }) => message.messageId)} after ${deleted}`);
      return "announced";
    },
  });
  assert.equal(await run(...receivedBefore("a", "b")), nothingFailed);
  assert.equal([announcements, deleted, takes, ended()], [["a,b after "], ["a", "b"], [], 0]);
});

notify("announces what was received before, and deletes it, before it begins with new messages", async () => {
  const announcements: string[] = [];
  const { run, deleted } = setUp({
    announce: async (_, leads) => {
      announcements.push(`${leads.map(({ message }) => message.messageId)} after ${deleted}`);
      return "announced";
    },
  });
  assert.equal(await run(message("x"), ...receivedBefore("a", "b")), nothingFailed);
  assert.equal(announcements, ["a,b after ", "x after a,b"]);
});

notify(
  "puts aside what it receives itself and was received before, until all others are announced and deleted",
  async () => {
    const steps: string[] = [];
    const waiting = [message("mine"), ...receivedBefore("killer"), message("mine too")];
    const given = setUp({
      gatherMilliseconds: 0,
      waiting,
      preparing: () => 0,
      wasInterrupted: ({ receiveCount }) => receiveCount > 1,
      announce: async (_, leads) => {
        const ids = leads.map(({ message }) => message.messageId);
        steps.push(`${ids} after ${given.deleted}`);
        return ids[0] === "killer" ? never : "announced";
      },
    });
    void given.begin(message("x"), message("y"));
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    assert.equal(steps.at(-1), "killer after x,y,mine,mine too");
    assert.is(given.takes.length, 1);
  },
);

notify(
  "begins no message after its time, and postpones those that were not begun, which uses up no receive",
  async () => {
    const { run, announced, postponed, retriedAfter } = setUp({
      wasInterrupted: () => true,
      posting: () => 9000,
      failure: () => undefined,
      destinationOf: byLetter,
    });
    const answer = await run(...receivedBefore("a", "b", "c"), message("x"));
    assert.equal(answer, nothingFailed);
    assert.equal(
      announced.map(({ ids }) => ids),
      [["a"], ["b"]],
      "b may be at its last receive",
    );
    assert.equal([postponed, retriedAfter.x], [{ c: "busy", x: "busy" }, undefined]);
  },
);

notify("ends when the outcomes are written, and counts those that were not", async () => {
  const steps: string[] = [];
  const meter = recordedMeter();
  const given = setUp({
    meter: { ...meter, flush: () => void steps.push("counted") },
    announce: async () => {
      steps.push("announced");
      return "announced";
    },
    outcomes: {
      write: async () => {
        await given.clock.sleep(300);
        steps.push("written");
      },
    },
  });
  assert.equal(await given.run(message("a")), nothingFailed);
  assert.equal([steps, given.ended()], [["announced", "written", "counted"], 300]);
});

notify("keeps what was announced when the queue cannot be updated", async () => {
  const log = recordedLog();
  const { run } = setUp({
    log,
    queue: {
      take: async () => [],
      delete: async () => {},
      retryAfter: () => Promise.reject(awsError("ServiceUnavailable", 503)),
      sendAgain: async () => [],
    },
  });
  assert.equal(await run(message("a")), nothingFailed);
  assert.is(log.lines[0]?.message, "queue not updated");
});

notify.run();
