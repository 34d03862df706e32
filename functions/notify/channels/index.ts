import type { ListedChannel } from "./channel.ts";
import { emailDeclaration } from "./email/declaration.ts";
import { slackDeclaration } from "./slack/declaration.ts";

const listed = [
  { declaration: slackDeclaration, open: async (tools) => (await import("./slack/index.ts")).openSlack(tools) },
  { declaration: emailDeclaration, open: async (tools) => (await import("./email/index.ts")).openEmail(tools) },
] as const satisfies readonly [ListedChannel, ...ListedChannel[]];

/** The channels in the order in which they are tried: a channel that does not take leads hands them to the next one. */
export const channels: readonly [ListedChannel, ...ListedChannel[]] = listed;

type VariableOf<Declaration> = Declaration extends { readonly variables: infer Variables } ? keyof Variables : never;
/** Every environment variable that a channel declares. The stack must set them all, because notify does not start without. */
export type ChannelVariable = VariableOf<(typeof listed)[number]["declaration"]>;
