import { suite } from "uvu";
import * as assert from "uvu/assert";
import { variablesOf, webhookVariable } from "../../../../../functions/notify/channels/declaration.ts";
import { slackDeclaration } from "../../../../../functions/notify/channels/slack/declaration.ts";

const declaration = suite("notify :: slack :: declaration");
declaration(
  "a message a second to each webhook and two at once after a quiet time, tried three times in 5 s, and not for 30 s after three failures",
  () => {
    const { alarms, ...settings } = slackDeclaration;
    assert.equal(settings, {
      name: "slack",
      title: "Slack",
      capacity: 50,
      rate: { milliseconds: 1000, earlyMilliseconds: 1700, slotPrefix: "pace#" },
      budgetSeconds: 5,
      retryDelayMilliseconds: 250,
      circuitBreaker: { failures: 3, openSeconds: 30 },
      webhooks: { settings: {} },
      failureMetric: "SlackFailures",
    });
    assert.equal(
      alarms.map(({ meaning: _, firstStep: __, ...alarm }) => alarm),
      [
        {
          name: "slack-failures",
          metric: "SlackFailures",
          countedBy: "notify",
          evaluationMinutes: 5,
          severity: "email",
        },
      ],
    );
  },
);
declaration("its settings and webhooks come in the variable SLACK", () => {
  assert.equal(variablesOf(slackDeclaration), { SLACK: "json" });
});
declaration("a channel's variable is its name in capitals, with underscores", () => {
  assert.equal(["slack", "google-chat"].map(webhookVariable), ["SLACK", "GOOGLE_CHAT"]);
});

declaration.run();
