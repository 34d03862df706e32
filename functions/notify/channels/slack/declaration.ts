import type { ChannelDeclaration } from "../declaration.ts";

/** Slack by incoming webhooks: a destination is a Slack channel with a webhook of its own. */
export const slackDeclaration = {
  name: "slack",
  title: "Slack",
  // The lines of 50 leads fit a message with room to spare, and nobody reads longer ones.
  capacity: 50,
  // One message a second, and "short bursts" above that: the third message of a burst comes 0.3 s after the first, the fourth a
  // second later. https://docs.slack.dev/apis/web-api/rate-limits
  rate: { milliseconds: 1000, earlyMilliseconds: 1700, slotPrefix: "pace#" },
  // Reading the webhook's URL, every attempt, and the pauses between them.
  budgetSeconds: 5,
  retryDelayMilliseconds: 250,
  circuitBreaker: { failures: 3, openSeconds: 30 },
  webhooks: { settings: {} },
  failureMetric: "SlackFailures",
  alarms: [
    {
      name: "slack-failures",
      metric: "SlackFailures",
      countedBy: "notify",
      evaluationMinutes: 5,
      severity: "email",
      meaning: "Slack did not take leads, so they went out NEXT.",
      firstStep:
        "Read `reason` in notify's log: no_service, invalid_token or channel_is_archived needs a new webhook in its SSM " +
        "parameter, SecretMissing needs that parameter. rate_limited, http_5xx and timeouts pass without help.",
    },
  ],
} as const satisfies ChannelDeclaration;
