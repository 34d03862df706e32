import { once } from "../runtime/once.ts";
import type { Channel, ChannelTools, ListedChannel } from "./channels/channel.ts";
import type { ChannelDeclaration } from "./channels/declaration.ts";
import { type Post, withRetryAndCircuitBreaker } from "./channels/retry.ts";

/** A channel's code with its retries and circuit breakers. */
export interface OpenChannel extends Pick<Channel, "patienceMilliseconds" | "compose"> {
  readonly post: Post;
}

/** A channel that opens with the first message. */
export interface AnnouncingChannel {
  readonly declaration: ChannelDeclaration;
  readonly open: () => Promise<OpenChannel>;
}

export type AnnouncingChannels = readonly [AnnouncingChannel, ...AnnouncingChannel[]];

/** The channel opens once. Its retries and circuit breakers are those of its declaration. */
export const createAnnouncingChannel = (
  { declaration, open }: ListedChannel,
  tools: ChannelTools,
): AnnouncingChannel => ({
  declaration,
  open: once(async () => {
    const channel = await open(tools);
    return {
      patienceMilliseconds: channel.patienceMilliseconds,
      compose: channel.compose,
      post: withRetryAndCircuitBreaker(channel, declaration),
    };
  }),
});
