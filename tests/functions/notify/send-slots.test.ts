import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { slackDeclaration } from "../../../functions/notify/channels/slack/declaration.ts";
import { createSendSlots } from "../../../functions/notify/send-slots.ts";
import { awsError, recordedLog } from "../../helpers/fakes.ts";
import { counted, ledgerTable } from "../../helpers/ledger-table.ts";

const table = await ledgerTable();
let destinations = 0;
const start = Date.parse("2026-03-01T12:00:00.000Z");

const second = 1000;
const minute = 60 * second;

interface Given {
  readonly slotPrefix?: string;
  /** Messages that may come at once. */
  readonly burst?: number;
}

/** A destination to which nobody has posted, and invocations that share its slots. */
function setUp({ slotPrefix = "slots#", burst = 1 }: Given = {}) {
  const clock = { now: start };
  destinations += 1;
  const destination = `sales-${destinations}`;
  const log = recordedLog();
  const earlyMilliseconds = (burst - 1) * second;
  const channelOf = (milliseconds: number) => ({
    name: "teams",
    rate: { milliseconds, earlyMilliseconds, slotPrefix },
  });
  /** An execution environment whose clock is wrong by the given milliseconds. */
  const environment = (wrong = 0) => {
    const { calls, dynamo } = counted(table.dynamo);
    const now = () => clock.now + wrong;
    const shared = createSendSlots(dynamo, "ledger", log, now);
    const ask = async (latest: number, milliseconds = second, paused?: number) => {
      const pause = paused === undefined ? {} : { pausedUntil: now() + paused };
      const begins = await shared.reserve(channelOf(milliseconds), destination, now() + latest, pause);
      return begins - start - wrong;
    };
    return {
      calls,
      /** Reserves a slot. @returns when it begins, in milliseconds of the right clock since the start */
      reserve: (latest = minute, milliseconds = second) => ask(latest, milliseconds),
      /** Says that the service asked for a pause. No slot is reserved, because none begins in time. */
      pause: (milliseconds: number) => ask(-1, second, milliseconds),
      /** Waits out a pause. */
      waitOut: (milliseconds: number) => ask(minute, second, milliseconds),
      delivered: () => shared.delivered(channelOf(second), destination),
    };
  };
  return { clock, log, environment, destination, ...environment() };
}

const slots = suite("send slots");

slots.after(() => table.stop());

slots("the first begins at once, and the next ones follow one slot apart", async () => {
  const { reserve } = setUp();
  assert.equal([await reserve(), await reserve(), await reserve()], [0, 1000, 2000]);
});

slots("have the length that is asked for", async () => {
  const { reserve } = setUp();
  assert.equal([await reserve(60_000, 250), await reserve(60_000, 250), await reserve(60_000, 250)], [0, 250, 500]);
});

slots("after a quiet time one begins at once, and none were saved up", async () => {
  const { reserve, clock } = setUp();
  await reserve();
  clock.now += 60_000;
  assert.equal([await reserve(), await reserve()], [60_000, 61_000]);
});

slots("one begins at once as soon as the last one is over, and not earlier", async () => {
  const { reserve, clock } = setUp();
  await reserve();
  clock.now += 999;
  assert.is(await reserve(), 1000);
  clock.now = start + 2000;
  assert.is(await reserve(), 2000);
});

slots("each of many invocations gets its own", async () => {
  const { reserve } = setUp();
  const reserved = await Promise.all(Array.from({ length: 20 }, () => reserve()));
  assert.equal(
    reserved.sort((a, b) => a - b),
    Array.from({ length: 20 }, (_, index) => index * 1000),
  );
});

slots("destinations do not affect each other", async () => {
  const [one, other] = [setUp(), setUp()];
  assert.equal([await one.reserve(), await other.reserve()], [0, 0]);
});

slots("none begins during a pause, and no pause shortens another", async () => {
  const { reserve, pause } = setUp();
  await reserve();
  await pause(30_000);
  await pause(5000);
  assert.equal([await reserve(), await reserve()], [30_000, 31_000]);
});

slots("a destination that was never posted to can be paused", async () => {
  const { reserve, pause } = setUp();
  await pause(5000);
  assert.is(await reserve(), 5000);
});

slots("one that begins too late is not reserved, and its time is returned", async () => {
  const { reserve, pause } = setUp();
  await reserve();
  await pause(30_000);
  assert.equal([await reserve(10_000), await reserve(29_999)], [30_000, 30_000]);
  assert.equal([await reserve(30_000), await reserve(30_000), await reserve(30_000)], [30_000, 31_000, 31_000]);
});

slots("after a pause the next slot is reserved for the message that has to wait", async () => {
  const { waitOut } = setUp({ burst: 2 });
  assert.equal([await waitOut(3000), await waitOut(3000), await waitOut(3000)], [3000, 4000, 5000]);
});

slots("those of Slack keep their ids, which running versions share", async () => {
  const { reserve, destination, clock } = setUp({ slotPrefix: "pace#", burst: 2 });
  await reserve();
  await reserve();
  const { reserve: reserveSlot } = createSendSlots(table.dynamo, "ledger", recordedLog(), () => clock.now);
  assert.is(await reserveSlot(slackDeclaration, destination, start + 5000), start + 300);
});

slots("a channel without a rate needs none", async () => {
  const { reserve: reserveSlot } = createSendSlots(table.dynamo, "no such table", recordedLog(), () => start);
  const { rate: _, ...unlimited } = slackDeclaration;
  assert.equal(
    [
      await reserveSlot(unlimited, "sales", start),
      await reserveSlot(unlimited, "sales", start, { pausedUntil: start + 3000 }),
    ],
    [start, start + 3000],
  );
});

slots("when they cannot be reached, the message is posted at once, or after the pause", async () => {
  const log = recordedLog();
  const send = () => Promise.reject(awsError("Throttling", 400));
  const { reserve: reserveSlot } = createSendSlots({ send } as unknown as DynamoDBClient, "ledger", log, () => start);
  assert.equal(
    [
      await reserveSlot(slackDeclaration, "sales", start),
      await reserveSlot(slackDeclaration, "sales", start, { pausedUntil: start + 3000 }),
    ],
    [start, start + 3000],
  );
  const line = {
    level: "warn",
    message: "no send slot reserved, posting without one",
    context: {
      channel: "slack",
      destination: "sales",
      errorClass: "Throttling",
      httpStatus: 400,
      serviceRequestId: "aws-request-1",
    },
  };
  assert.equal(log.lines, [line, line]);
});

slots("a free one takes one call", async () => {
  const { reserve, calls, clock } = setUp();
  await reserve();
  clock.now += minute;
  await reserve();
  assert.equal(calls, ["UpdateItemCommand", "UpdateItemCommand"]);
});

slots("after a quiet time a burst begins at once, and then one message a second on average", async () => {
  const { reserve, clock } = setUp({ burst: 2 });
  const reserved = async (count: number) => {
    const all: number[] = [];
    while (all.length < count) all.push((await reserve()) - (clock.now - start));
    return all;
  };
  assert.equal(await reserved(4), [0, 0, 1000, 2000]);
  clock.now += 3000;
  assert.equal(await reserved(2), [0, 1000], "the burst is saved up within two seconds of quiet");
  clock.now += 2999;
  assert.equal(await reserved(3), [0, 1, 1001]);
  clock.now += 10 * minute;
  assert.equal(await reserved(3), [0, 0, 1000]);
});

slots("three messages of Slack may come before their turns, and single leads among them wait for others", async () => {
  const { clock, dynamo } = { ...setUp(), ...counted(table.dynamo) };
  const { reserve } = createSendSlots(dynamo, "ledger", recordedLog(), () => clock.now);
  const reserved = async (earlyWait = 0) =>
    (await reserve(slackDeclaration, "early", clock.now + minute, { earlyWait })) - start;
  assert.is(await reserved(150), 0);
  clock.now += 40;
  assert.equal([await reserved(150), await reserved(), await reserved(150), await reserved()], [190, 300, 1300, 2300]);
  clock.now += minute;
  assert.equal([await reserved(150), await reserved()], [minute + 40, minute + 40]);
});

slots("many invocations share a burst, and the pace after it", async () => {
  const { environment } = setUp({ burst: 2 });
  const reserved = await Promise.all(Array.from({ length: 10 }, () => environment().reserve()));
  assert.equal(
    reserved.sort((a, b) => a - b),
    [0, 0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000],
  );
});

slots("a long pause lets one message a minute through, over all invocations", async () => {
  const { clock, pause, environment } = setUp({ burst: 2 });
  await pause(15 * minute);
  const probes: number[] = [];
  for (let seconds = 0; seconds < 300; seconds += 10) {
    const at = seconds * second;
    clock.now = start + at;
    const begins = await Promise.all(Array.from({ length: 3 }, () => environment().reserve(10 * second)));
    for (const one of begins.filter((time) => time !== 15 * minute)) probes.push(one);
  }
  assert.equal(probes, [minute, 2 * minute, 3 * minute, 4 * minute]);
});

slots("a pause that is over before the first minute is waited for", async () => {
  const { clock, pause, reserve } = setUp();
  await pause(30 * second);
  clock.now += 29 * second;
  assert.is(await reserve(999), 30 * second);
  assert.is(await reserve(1000), 30 * second);
});

slots("a pause ends at once for everybody when the message of the minute is delivered", async () => {
  const { clock, pause, environment, log } = setUp({ burst: 2 });
  await pause(15 * minute);
  clock.now += minute;
  const [one, other] = [environment(), environment()];
  assert.is(await one.reserve(10 * second), minute);
  clock.now += 300;
  await other.delivered();
  assert.is(await other.reserve(10 * second), 15 * minute, "a delivery that found out nothing ends no pause");
  await one.delivered();
  assert.equal(
    [await other.reserve(), await environment().reserve()],
    [minute + 1300, minute + 2300],
    "and no burst comes right after it",
  );
  assert.equal(
    log.lines.map(({ message }) => message),
    ["pause ended by a delivered message"],
  );
});

slots("the new pause counts when the message of the minute gets another 429, and it may be shorter", async () => {
  for (const [milliseconds, expected] of [
    [10 * minute, 11 * minute],
    [30 * second, 90 * second],
  ] as const) {
    const { clock, pause, environment } = setUp();
    await pause(15 * minute);
    clock.now += minute;
    const one = environment();
    await one.reserve(10 * second);
    await one.pause(milliseconds);
    assert.is(await environment().reserve(10 * second), expected);
    await one.delivered();
    assert.is(await environment().reserve(10 * second), expected, "what was delivered later found out nothing");
  }
});

slots("the next message of a minute is a minute after the last 429", async () => {
  const { clock, pause, reserve } = setUp();
  await pause(15 * minute);
  clock.now += 30 * second;
  await pause(10 * minute);
  clock.now += 59 * second;
  assert.is(await reserve(0), 15 * minute);
  clock.now += second;
  assert.is(await reserve(0), 90 * second);
});

slots("a delivery costs no call without a pause", async () => {
  const { reserve, delivered, calls } = setUp();
  await reserve();
  await delivered();
  assert.is(calls.length, 1);
});

slots("a pause that was over in the meantime is not ended again", async () => {
  const { clock, pause, environment } = setUp();
  await pause(2 * minute);
  clock.now += minute;
  const one = environment();
  await one.reserve(0);
  clock.now += minute;
  const queue = [await environment().reserve(), await environment().reserve()];
  assert.equal(queue, [2 * minute, 2 * minute + second]);
  await one.delivered();
  assert.is(await environment().reserve(), 2 * minute + 2 * second);
});

slots("a pause lasts when the end of it cannot be written, and the message stays announced", async () => {
  const { clock, log, pause, destination } = setUp();
  await pause(15 * minute);
  clock.now += minute;
  let isBroken = false;
  const send = (command: never) =>
    isBroken ? Promise.reject(awsError("Throttling", 400)) : table.dynamo.send(command);
  const shared = createSendSlots({ send } as unknown as DynamoDBClient, "ledger", log, () => clock.now);
  const channel = { name: "teams", rate: { milliseconds: second, slotPrefix: "slots#" } };
  assert.is(await shared.reserve(channel, destination, clock.now), clock.now);
  isBroken = true;
  await shared.delivered(channel, destination);
  assert.equal(
    log.lines.map(({ message }) => message),
    ["pause not ended, it lasts until its time is over"],
  );
});

for (const wrong of [minute, -minute, 10 * 365 * 24 * 60 * minute]) {
  const clockOf = `a clock that is wrong by ${wrong / second} s`;

  slots(`${clockOf} makes nobody wait for longer than a turn`, async () => {
    const { clock, environment } = setUp({ burst: 2 });
    const [right, other] = [environment(), environment(wrong)];
    for (let round = 0; round < 20; round += 1) {
      for (const one of [other, right]) {
        const begins = (await one.reserve(3 * second)) - (clock.now - start);
        assert.ok(begins >= 0 && begins <= second, `${begins} ms in round ${round}`);
      }
      clock.now += 2 * second;
    }
  });

  slots(`${clockOf} shares the pace as soon as it has met the others`, async () => {
    const { clock, environment } = setUp();
    const [right, other] = [environment(), environment(wrong)];
    await other.reserve();
    await right.reserve();
    await other.reserve();
    clock.now += minute;
    const reserved = [];
    for (const one of [right, other, right, other]) reserved.push((await one.reserve()) - minute);
    assert.equal(reserved, [0, 1000, 2000, 3000]);
  });

  slots(`a pause that ${clockOf} wrote lasts as long as the service asked`, async () => {
    const { clock, environment } = setUp();
    const [right, other] = [environment(), environment(wrong)];
    await right.reserve();
    await other.reserve();
    await other.pause(30 * second);
    assert.is(await right.reserve(10 * second), 30 * second);
    clock.now += 30 * second;
    assert.is(await right.reserve(10 * second), 30 * second);
  });

  slots(`a pause seems no longer to ${clockOf}`, async () => {
    const { clock, environment } = setUp();
    const [right, other] = [environment(), environment(wrong)];
    await other.reserve();
    await right.reserve();
    await right.pause(30 * second);
    assert.is(await other.reserve(10 * second), 30 * second);
    clock.now += 30 * second;
    assert.is(await other.reserve(10 * second), 30 * second);
  });
}

slots("what a version without a clock of the slots wrote counts", async () => {
  const { reserve, destination } = setUp();
  const Item = { id: { S: `slots#${destination}` }, nextTurnAt: { N: String(start + 3000) } };
  await table.dynamo.send(new PutItemCommand({ TableName: "ledger", Item }));
  assert.equal([await reserve(1000), await reserve(), await reserve()], [3000, 3000, 4000]);
});

slots.run();
