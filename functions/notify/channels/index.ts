import type { ListedChannel } from "./channel.ts";
import { emailDeclaration } from "./email/declaration.ts";
import { slackDeclaration } from "./slack/declaration.ts";

/** The channels in the order in which they are tried: a channel that does not take leads hands them to the next one. */
export const channels = [
  { declaration: slackDeclaration, open: async (tools) => (await import("./slack/index.ts")).openSlack(tools) },
  { declaration: emailDeclaration, open: async (tools) => (await import("./email/index.ts")).openEmail(tools) },
] as const satisfies readonly [ListedChannel, ...ListedChannel[]];

type VariableOf<Declaration> = Declaration extends { readonly variables: infer Variables } ? keyof Variables : never;
/** Every environment variable that a channel declares. */
export type ChannelVariable = VariableOf<(typeof channels)[number]["declaration"]>;
