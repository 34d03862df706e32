import type { WebhookChannelName } from "../functions/notify/channels/index.ts";
import type { Chat } from "./chat.ts";
import type { SlackMode } from "./options.ts";
import { Slack } from "./slack/slack.ts";

/** Makes the simulated service of every channel of webhooks. A channel without one is a type error. */
export const createChats = (slackMode: SlackMode) =>
  ({ slack: new Slack(slackMode) }) satisfies Readonly<Record<WebhookChannelName, Chat>>;

export type Chats = ReturnType<typeof createChats>;
