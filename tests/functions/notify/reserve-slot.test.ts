import { suite } from "uvu";
import * as assert from "uvu/assert";
import { slackDeclaration } from "../../../functions/notify/channels/slack/declaration.ts";
import { createReserveSlot, type SendSlots } from "../../../functions/notify/send-slots.ts";
import { awsError, recordedLog } from "../../helpers/fakes.ts";

const now = Date.parse("2026-03-01T12:00:00.000Z");
const rated = { ...slackDeclaration, rate: { milliseconds: 250, slotPrefix: "pace#teams#" } };
const { rate: _, ...unlimited } = slackDeclaration;

function setUp(fail?: Error) {
  const calls: unknown[] = [];
  const log = recordedLog();
  const slots: SendSlots = {
    async reserve(...args) {
      calls.push(["reserve", ...args]);
      if (fail) throw fail;
      return now + 700;
    },
    async pause(...args) {
      calls.push(["pause", ...args]);
    },
  };
  const reserveSlot = createReserveSlot(slots, log, () => now);
  return { reserveSlot, calls, log };
}

const reserve = suite("reserve slot");

reserve("reserves a slot of the channel's length, under the channel's prefix and the destination", async () => {
  const { reserveSlot, calls } = setUp();
  assert.is(await reserveSlot(rated, "sales", now + 5000), now + 700);
  assert.equal(calls, [["reserve", "pace#teams#sales", 250, now + 5000]]);
});

reserve("keeps the ids of Slack's slots, which running versions share", async () => {
  const { reserveSlot, calls } = setUp();
  await reserveSlot(slackDeclaration, "sales", now);
  assert.equal(calls, [["reserve", "pace#sales", 1000, now]]);
});

reserve("pauses the destination for everybody first", async () => {
  const { reserveSlot, calls } = setUp();
  await reserveSlot(rated, "sales", now + 5000, now + 3000);
  assert.equal(calls, [
    ["pause", "pace#teams#sales", now + 3000],
    ["reserve", "pace#teams#sales", 250, now + 5000],
  ]);
});

reserve("needs no slot where the channel has no rate", async () => {
  const { reserveSlot, calls } = setUp();
  assert.equal(
    [await reserveSlot(unlimited, "sales", now), await reserveSlot(unlimited, "sales", now, now + 3000)],
    [now, now + 3000],
  );
  assert.equal(calls, []);
});

reserve("goes on without slots when they cannot be reached, after the pause", async () => {
  const { reserveSlot, log } = setUp(awsError("Throttling", 400));
  assert.equal(
    [await reserveSlot(rated, "sales", now), await reserveSlot(rated, "sales", now, now + 3000)],
    [now, now + 3000],
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

reserve.run();
