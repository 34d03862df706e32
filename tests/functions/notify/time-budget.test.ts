import { mapValues } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelDeclaration } from "../../../functions/notify/channels/declaration.ts";
import { channels, defaultChannels } from "../../../functions/notify/channels/index.ts";
import { invocationTimes, reserveSeconds } from "../../../functions/notify/time-budget.ts";

const declarations = Object.values(channels).map(({ declaration }): ChannelDeclaration => declaration);

const budget = suite("channels and their time");

budget("an environment that chooses none has Slack first, and email when Slack did not take the leads", () => {
  assert.equal(defaultChannels, ["slack", "email"]);
});

budget("each channel is listed under its name", () => {
  assert.equal(
    Object.keys(channels),
    declarations.map(({ name }) => name),
  );
});

budget(
  "one message on each channel and two seconds for the ledger and the queue fit into the end of an invocation",
  () => {
    assert.is(reserveSeconds([{ budgetSeconds: 5 }, { budgetSeconds: 3 }, { budgetSeconds: 6 }]), 16);
  },
);

for (const [what, end, reserve, latest, halfTime, receivesUntil, slowUntil] of [
  ["with short messages begins with slow destinations until half of its time", 30, 10, 20, 10, 19, 10],
  ["with longer ones begins with them so early that it ends in time", 30, 14, 16, 8, 15, 5],
  ["with long ones begins with them in its first seconds", 30, 20, 10, 5, 9, 3],
  ["that is short begins with them and receives until half of its time", 2.5, 1, 1.5, 0.75, 0.75, 0.75],
] as const) {
  budget(`an invocation ${what}`, () => {
    const times = { end, latest, halfTime, receivesUntil, slowUntil };
    const begun = 1_700_000_000_000;
    assert.equal(
      invocationTimes(begun, begun + end * 1000, reserve),
      mapValues(times, (seconds) => begun + seconds * 1000),
    );
  });
}

budget("each channel counts its failures in a metric of its own, on which an alarm is", () => {
  for (const { failureMetric, alarms } of declarations) {
    assert.is(alarms.filter(({ metric, countedBy }) => metric === failureMetric && countedBy === "notify").length, 1);
  }
});

budget("no two channels have the same name, slots, or metric", () => {
  for (const values of [
    declarations.map(({ name }) => name),
    declarations.map(({ failureMetric }) => failureMetric),
    declarations.flatMap(({ rate }) => rate?.slotPrefix ?? []),
  ]) {
    assert.is(new Set(values).size, values.length);
  }
});

budget.run();
