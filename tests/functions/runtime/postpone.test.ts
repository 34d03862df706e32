import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RejectedError } from "../../../functions/lead/rejection.ts";
import type { Postponement, QueueMessage } from "../../../functions/runtime/own-queue.ts";
import { createPostponer, type Failed, type PostponePorts } from "../../../functions/runtime/postpone.ts";
import { awsError, recordedLog, recordedMeter } from "../../helpers/fakes.ts";

const now = Date.parse("2026-03-01T12:00:00.000Z");
const cause = { errorClass: "SlowDown" };

const message = (messageId: string, change: Partial<QueueMessage> = {}): QueueMessage => ({
  messageId,
  receiptHandle: `r-${messageId}`,
  body: "{}",
  receiveCount: 1,
  attempt: 1,
  firstAttemptAt: undefined,
  ...change,
});
const failed = (kind: Failed["kind"], one: QueueMessage): Failed => ({ message: one, kind, cause });
/** A message whose first attempt was so many seconds ago. */
const waited = (seconds: number) => message("m", { attempt: 4, firstAttemptAt: now - seconds * 1000 });

function setUp(change: Partial<PostponePorts> = {}) {
  const sent: Postponement[] = [];
  const deleted: string[] = [];
  const letters: RejectedError[] = [];
  const log = recordedLog();
  const meter = recordedMeter();
  const postpone = createPostponer({
    queue: {
      async sendAgain(postponements) {
        sent.push(...postponements);
        return [];
      },
      async delete(messages) {
        deleted.push(...messages.map(({ messageId }) => messageId));
      },
    },
    sendToDeadLetters: async (_, rejection) => {
      letters.push(rejection);
    },
    giveUpAfterHours: 72,
    log,
    meter,
    now: () => now,
    random: () => 1,
    ...change,
  });
  const delayOf = async (kind: Failed["kind"], seconds: number) => {
    await postpone([failed(kind, waited(seconds))]);
    return sent.at(-1)?.delaySeconds;
  };
  return { postpone, delayOf, sent, deleted, letters, log, meter };
}

const postponing = suite("postponing");

postponing("sends a message again with the time of its first attempt, and deletes the original", async () => {
  const { postpone, sent, deleted, log, meter } = setUp();
  const [first, later] = [message("a"), message("b", { attempt: 7, firstAttemptAt: now - 60_000 })];
  assert.equal(await postpone([failed("unavailable", first), failed("needsPerson", later)]), []);
  assert.equal(
    sent.map(({ message: { messageId }, delaySeconds, firstAttemptAt }) => [messageId, delaySeconds, firstAttemptAt]),
    [
      ["a", 1, now],
      ["b", 15, now - 60_000],
    ],
  );
  assert.equal(deleted, ["a", "b"]);
  assert.equal(meter.counts, { LeadsPostponed: 2, PersonNeeded: 1 });
  assert.equal(meter.highest, { OldestFirstAttempt: 60 });
  assert.equal(log.lines, [
    {
      level: "warn",
      message: "message postponed",
      context: {
        correlationId: undefined,
        messageId: "a",
        attempt: 1,
        receiveCount: 1,
        ...cause,
        delaySeconds: 1,
        waitedSeconds: 0,
        needsPerson: false,
      },
    },
    {
      level: "warn",
      message: "message postponed",
      context: {
        correlationId: undefined,
        messageId: "b",
        attempt: 7,
        receiveCount: 1,
        ...cause,
        delaySeconds: 15,
        waitedSeconds: 60,
        needsPerson: true,
      },
    },
  ]);
});

postponing("waits for a half to all of a quarter of the time since the first attempt", async () => {
  assert.is(await setUp().delayOf("unavailable", 400), 100);
  assert.is(await setUp({ random: () => 0 }).delayOf("unavailable", 400), 50);
});

for (const [retryAfterSeconds, random, delay] of [
  [60, 0, 60],
  [60, 1, 75],
  [900, 1, 900],
  [86_400, 0, 900],
  [0, 0, 1],
] as const) {
  postponing(
    `waits ${delay} s for a service that wants no request for ${retryAfterSeconds} s, by chance ${random}`,
    async () => {
      const { postpone, sent } = setUp({ random: () => random });
      await postpone([{ ...failed("unavailable", waited(0)), retryAfterSeconds }]);
      assert.is(sent[0]?.delaySeconds, delay);
    },
  );
}
postponing("waits longer than a service wants when the outage has been longer", async () => {
  const { postpone, sent } = setUp();
  await postpone([{ ...failed("unavailable", waited(400)), retryAfterSeconds: 20 }]);
  assert.is(sent[0]?.delaySeconds, 100);
});

postponing("waits for a second at least and for 15 minutes at most", async () => {
  const { delayOf } = setUp();
  assert.equal(
    [await delayOf("unavailable", 0), await delayOf("unavailable", 3600), await delayOf("unavailable", 36_000)],
    [1, 900, 900],
  );
});

postponing("counts a first attempt in the future of this clock as one of now", async () => {
  const { delayOf, sent, meter } = setUp();
  assert.is(await delayOf("unavailable", -60), 1);
  assert.equal(meter.highest, { OldestFirstAttempt: 0 });
  assert.is(sent[0]?.firstAttemptAt, now, "so that its time goes on from now, and ends");
});

postponing("is no outage when another invocation is at the lead", async () => {
  const { delayOf, log, meter } = setUp();
  assert.is(await delayOf("busy", 0), 1, "as after any other failure");
  assert.equal([meter.counts, log.lines[0]?.level], [{}, "info"]);
  await delayOf("busy", 4000);
  assert.equal([meter.counts, meter.highest], [{}, { OldestFirstAttempt: 4000 }], "but nobody waits unnoticed");
});

postponing("leaves faults to their receives", async () => {
  const { postpone, sent, deleted, log, meter } = setUp();
  const both = [message("a"), message("b")];
  assert.equal(await postpone(both.map((one) => failed("fault", one))), both);
  assert.equal([sent, deleted, meter.counts], [[], [], { LeadsRetried: 2 }]);
  const line = ["error", "attempt failed, the message will be received again"];
  assert.equal(
    log.lines.map(({ level, message }) => [level, message]),
    [line, line],
  );
});

postponing("leaves a message that SQS did not take to its receives, and does not delete it", async () => {
  const deleted: string[] = [];
  const [one, other] = [message("a"), message("b")];
  const { postpone, log, meter } = setUp({
    queue: {
      sendAgain: async () => [{ message: one, cause: { errorClass: "AccessDenied" } }],
      delete: async (messages) => {
        deleted.push(...messages.map(({ messageId }) => messageId));
      },
    },
  });
  assert.equal(await postpone([failed("unavailable", one), failed("needsPerson", other)]), [one]);
  assert.equal([deleted, meter.counts], [["b"], { LeadsPostponed: 1, PersonNeeded: 1, LeadsRetried: 1 }]);
  const errors = log.lines.filter(({ level }) => level === "error");
  assert.equal(
    errors.map(({ message, context }) => [message, context.messageId, context.errorClass, context.notSent]),
    [["message not postponed, it will be received again", "a", "SlowDown", "AccessDenied"]],
  );
});

postponing("has postponed a message whose original was not deleted", async () => {
  const { postpone, log } = setUp({
    queue: {
      sendAgain: async () => [],
      delete: () => Promise.reject(awsError("ServiceUnavailable", 503)),
    },
  });
  assert.equal(await postpone([failed("unavailable", message("a"))]), []);
  assert.is(log.lines.at(-1)?.message, "queue not updated");
});

postponing("dead-letters a message whose first attempt was too long ago", async () => {
  const { postpone, sent, deleted, letters, log, meter } = setUp({ giveUpAfterHours: 2 });
  assert.equal(await postpone([failed("unavailable", waited(7199))]), []);
  assert.is(sent.length, 1);
  assert.equal(await postpone([failed("unavailable", waited(7200))]), []);
  assert.equal([sent.length, deleted], [1, ["m", "m"]]);
  assert.is(letters[0]?.code, "OutageTooLong");
  assert.match(letters[0]?.message ?? "", "2 hours failed, 4 of them; the last one with SlowDown");
  assert.equal([log.lines.at(-1)?.message, meter.counts.LeadsRejected], ["message given up", 1]);
});

postponing("leaves a message to its receives when it can be neither postponed nor given up", async () => {
  const one = waited(72 * 3600);
  const { postpone, deleted, meter } = setUp({ sendToDeadLetters: () => Promise.reject(awsError("Down", 503)) });
  assert.equal(await postpone([failed("unavailable", one)]), [one]);
  assert.equal([deleted, meter.counts], [[], { LeadsRetried: 1 }]);
});

postponing("asks SQS for nothing when there is nothing to postpone", async () => {
  const asked = () => Promise.reject(new Error("asked"));
  const { postpone, log } = setUp({ queue: { sendAgain: asked, delete: asked } });
  assert.equal([await postpone([]), log.lines], [[], []]);
  const one = message("a");
  assert.equal(await postpone([failed("fault", one)]), [one]);
});

postponing.run();
