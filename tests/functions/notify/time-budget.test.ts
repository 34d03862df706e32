import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelDeclaration } from "../../../functions/notify/channels/declaration.ts";
import { emailBudget } from "../../../functions/notify/channels/email/declaration.ts";
import { channels } from "../../../functions/notify/channels/index.ts";
import { reserveSeconds } from "../../../functions/notify/time-budget.ts";

const declarations = channels.map(({ declaration }): ChannelDeclaration => declaration);

const budget = suite("channels and their time");

budget("Slack comes first, and email when Slack does not take the leads", () => {
  assert.equal(
    declarations.map(({ name, title }) => [name, title]),
    [
      ["slack", "Slack"],
      ["email", "email"],
    ],
  );
});

budget("one message on each channel and a second for the ledger fit into the end of an invocation", () => {
  assert.equal([...declarations.map(({ budgetSeconds }) => budgetSeconds), reserveSeconds], [5, 6, 12]);
  assert.equal(emailBudget, { reachabilitySeconds: 2, sendSeconds: 4 });
});

budget("Slack takes a message a second, and email any number", () => {
  assert.equal(
    declarations.map(({ rate }) => rate),
    [{ milliseconds: 1000, slotPrefix: "pace#" }, undefined],
  );
});

budget("a message holds 50 leads on each channel", () => {
  assert.equal(
    declarations.map(({ capacity }) => capacity),
    [50, 50],
  );
});

budget("Slack is tried again after a quarter of a second, and not at all for 30 s after three failures", () => {
  assert.equal(
    declarations.map(({ retryDelayMilliseconds, circuitBreaker }) => [retryDelayMilliseconds, circuitBreaker]),
    [
      [250, { failures: 3, openSeconds: 30 }],
      [500, undefined],
    ],
  );
});

budget("each channel counts its failures in a metric of its own, on which an alarm is", () => {
  assert.equal(
    declarations.map(({ failureMetric }) => failureMetric),
    ["SlackFailures", "EmailFailures"],
  );
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
