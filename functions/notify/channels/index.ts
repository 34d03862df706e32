import type { ListedChannel } from "./channel.ts";
import { emailDeclaration } from "./email/declaration.ts";
import { slackDeclaration } from "./slack/declaration.ts";

/** Every channel that an environment can choose, by its name. */
export const channels = {
  slack: { declaration: slackDeclaration, open: async (tools) => (await import("./slack/index.ts")).openSlack(tools) },
  email: { declaration: emailDeclaration, open: async (tools) => (await import("./email/index.ts")).openEmail(tools) },
} as const satisfies Readonly<Record<string, ListedChannel>>;

type Channels = typeof channels;
export type ChannelName = keyof Channels;
export const channelNames = Object.keys(channels) as ChannelName[];

/** Channels that post to webhooks. Leads can have several destinations there. */
export type WebhookChannelName = {
  [Name in ChannelName]: Channels[Name]["declaration"] extends { readonly webhooks: object } ? Name : never;
}[ChannelName];
export const isWebhookChannel = (name: string): name is WebhookChannelName =>
  Object.hasOwn(channels, name) && "webhooks" in channels[name as ChannelName].declaration;

/**
 * The channels of an environment in the order in which they are tried: a channel that does not take leads hands them to the
 * next one. The routes to destinations are settings of the first one, and every environment ends with email.
 */
export type ChosenChannels = readonly [WebhookChannelName, ...WebhookChannelName[], "email"];
export const defaultChannels: ChosenChannels = ["slack", "email"];

type VariableOf<Declaration> = Declaration extends { readonly variables: infer Variables } ? keyof Variables : never;
/** Every environment variable that a channel declares, besides those of webhooks. */
export type ChannelVariable = VariableOf<Channels[ChannelName]["declaration"]>;
