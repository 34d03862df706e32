import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { slackDeclaration } from "../../../functions/notify/channels/slack/declaration.ts";
import { createReserveSlot } from "../../../functions/notify/send-slots.ts";
import { awsError, recordedLog } from "../../helpers/fakes.ts";
import { ledgerTable } from "../../helpers/ledger-table.ts";

let table: Awaited<ReturnType<typeof ledgerTable>>;
let destinations = 0;
const start = Date.parse("2026-03-01T12:00:00.000Z");

/** Slots of a channel with a clock of their own, and a destination to which nobody has posted. */
function setUp(slotPrefix = "slots#") {
  const clock = { now: start };
  destinations += 1;
  const destination = `sales-${destinations}`;
  const reserveSlot = createReserveSlot(table.dynamo, "ledger", recordedLog(), () => clock.now);
  const channelOf = (milliseconds: number) => ({ name: "teams", rate: { milliseconds, slotPrefix } });
  const reserve = async (latest = 60_000, milliseconds = 1000) =>
    (await reserveSlot(channelOf(milliseconds), destination, clock.now + latest)) - start;
  /** Pauses the destination. No slot is reserved, because none begins in time. */
  const pause = (milliseconds: number) => reserveSlot(channelOf(1000), destination, start, start + milliseconds);
  return { clock, reserve, pause, destination };
}

const slots = suite("send slots");

slots.before(async () => {
  table = await ledgerTable();
});
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
  const { destination, clock } = setUp();
  const reserveSlot = createReserveSlot(table.dynamo, "ledger", recordedLog(), () => clock.now);
  const after = () => reserveSlot(slackDeclaration, destination, start + 5000, start + 3000);
  assert.equal([await after(), await after()], [start + 3000, start + 4000]);
});

slots("those of Slack keep their ids, which running versions share", async () => {
  const { reserve, destination, clock } = setUp("pace#");
  await reserve();
  const reserveSlot = createReserveSlot(table.dynamo, "ledger", recordedLog(), () => clock.now);
  assert.is(await reserveSlot(slackDeclaration, destination, start + 5000), start + 1000);
});

slots("a channel without a rate needs none", async () => {
  const reserveSlot = createReserveSlot(table.dynamo, "no such table", recordedLog(), () => start);
  const { rate: _, ...unlimited } = slackDeclaration;
  assert.equal(
    [await reserveSlot(unlimited, "sales", start), await reserveSlot(unlimited, "sales", start, start + 3000)],
    [start, start + 3000],
  );
});

slots("when they cannot be reached, the message is posted at once, or after the pause", async () => {
  const log = recordedLog();
  const send = () => Promise.reject(awsError("Throttling", 400));
  const reserveSlot = createReserveSlot({ send } as unknown as DynamoDBClient, "ledger", log, () => start);
  assert.equal(
    [
      await reserveSlot(slackDeclaration, "sales", start),
      await reserveSlot(slackDeclaration, "sales", start, start + 3000),
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
      requestId: "aws-request-1",
    },
  };
  assert.equal(log.lines, [line, line]);
});

slots.run();
