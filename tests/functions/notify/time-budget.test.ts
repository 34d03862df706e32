import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelDeclaration } from "../../../functions/notify/channels/declaration.ts";
import { channels } from "../../../functions/notify/channels/index.ts";
import { reserveSeconds } from "../../../functions/notify/time-budget.ts";

const declarations = channels.map(({ declaration }): ChannelDeclaration => declaration);

const budget = suite("channels and their time");

budget("Slack comes first, and email last, when no other channel took the leads", () => {
  assert.equal([declarations[0]?.name, declarations.at(-1)?.name], ["slack", "email"]);
});

budget("one message on each channel and a second for the ledger fit into the end of an invocation", () => {
  const seconds = declarations.reduce((sum, { budgetSeconds }) => sum + budgetSeconds, 0);
  assert.is(reserveSeconds, seconds + 1);
});

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
