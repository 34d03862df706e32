import type { ChannelDeclaration } from "../functions/notify/channels/declaration.ts";

type Channels = readonly Pick<ChannelDeclaration, "title" | "webhooks">[];

/** Titles of channels with a word between them: `Slack nor email`. */
export const titles = (channels: Channels, word: string) => channels.map(({ title }) => title).join(` ${word} `);

/** How channels announce leads, with a word between them: `in Slack or by email`. */
export const ways = (channels: Channels, word: string) =>
  channels.map(({ title, webhooks }) => `${webhooks ? "in" : "by"} ${title}`).join(` ${word} `);
