import { Hono } from "hono";
import type { SlackMode } from "../../options.ts";
import type { Slack } from "../../slack/slack.ts";
import type { Page } from "../context.ts";
import { live } from "../live.ts";
import { type SlackChannel, type SlackMessage, shownMessages } from "../shapes/slack.ts";

const byEmail = "The leads go out by email, unless that fails too.";
const maybeTwice = "Leadwire cannot know that, and marks what it announces again as a possible repeat.";

/** What Slack does in each mode, and what that means. */
export const slackTroubles = {
  up: undefined,
  down: `Slack is down: it answers every message with 500. ${byEmail} Email goes on for up to 30 seconds after the end.`,
  limited: `Slack limits its channels: it answers every message with 429 and asks to wait 30 seconds. ${byEmail}`,
  slow: `Slack is slow: it answers after 8 seconds, which is longer than Leadwire waits. ${byEmail}`,
  resetting: `Slack breaks off every connection and shows no message. ${byEmail}`,
  silent: `Slack shows messages, but breaks off the connection instead of an answer. ${maybeTwice}`,
  uncertain: `Slack shows messages, but answers with errors. ${maybeTwice}`,
} as const satisfies Readonly<Record<SlackMode, string | undefined>>;

/** Both are what a proxy before Slack does, and the message is not there. */
const failures = {
  "answered 5xx": `Slack cannot be reached: every message is answered with 503. ${byEmail}`,
  silent: `Slack is silent: it takes messages and answers nothing. ${byEmail}`,
} as const;

function troubleOf(slack: Slack, channel: string): string | undefined {
  const failure = slack.failureOf(channel);
  return failure ? failures[failure] : slackTroubles[slack.mode];
}

function channelsOf(slack: Slack): SlackChannel[] {
  const channels = new Map(slack.destinations.map((name) => [name, { count: 0, latest: 0 }]));
  for (const { channel, number } of slack.messages) {
    const known = channels.get(channel);
    if (known) Object.assign(known, { count: known.count + 1, latest: number });
  }
  return [...channels].map(([name, known]) => ({ name, ...known, trouble: troubleOf(slack, name) }));
}

/** The latest messages of a channel, the oldest first, but those up to a number. */
function messagesOf(slack: Slack, name: string, after: number): SlackMessage[] {
  const messages = slack.messages.filter(({ channel, number }) => channel === name && number > after);
  return messages.slice(-shownMessages).map(({ number, at, payload }) => ({ number, at, ...payload }));
}

/** The channels of the simulated Slack, with what they show. */
export const slack: Page = {
  name: "slack",
  routes: ({ platform }) =>
    new Hono()
      .get("/live", (c) => live(c, () => channelsOf(platform.slack)))
      .get("/messages/:channel", (c) =>
        c.json(messagesOf(platform.slack, c.req.param("channel"), Number(c.req.query("after") ?? 0))),
      ),
};
