import { once } from "../runtime/once.ts";
import { MissingSettingError } from "../runtime/settings.ts";
import type { Channel, ChannelTools, ListedChannel } from "./channels/channel.ts";
import { type ChannelDeclaration, variablesOf } from "./channels/declaration.ts";
import { type Post, withRetryAndCircuitBreaker } from "./channels/retry.ts";

/** A channel that opens with the first message. */
export interface AnnouncingChannel {
  readonly declaration: ChannelDeclaration;
  readonly open: () => Promise<Pick<Channel, "patienceMilliseconds"> & { readonly post: Post }>;
}

/**
 * A channel that opens once. Its retries and circuit breakers are those of its declaration.
 * @param readVariable reads an environment variable. Every declared one is read now, so that a missing one shows at once
 */
export function createAnnouncingChannel(
  { declaration, open }: ListedChannel,
  tools: Omit<ChannelTools, "variable">,
  readVariable: (name: string, kind: "text" | "json") => unknown,
): AnnouncingChannel {
  const declared = Object.entries(variablesOf(declaration));
  const variables = new Map(declared.map(([name, kind]) => [name, readVariable(name, kind)]));
  const variable = <Value>(name: string) => {
    if (variables.has(name)) return variables.get(name) as Value;
    throw new MissingSettingError(name, `is not declared by the channel ${declaration.name}`);
  };
  return {
    declaration,
    open: once(async () => {
      const channel = await open({ ...tools, variable });
      const { patienceMilliseconds } = channel;
      return { patienceMilliseconds, post: withRetryAndCircuitBreaker(channel, declaration) };
    }),
  };
}
