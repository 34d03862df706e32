import type { ChannelDeclaration } from "../functions/notify/channels/declaration.ts";
import { emailDeclaration } from "../functions/notify/channels/email/declaration.ts";
import { slackDeclaration } from "../functions/notify/channels/slack/declaration.ts";

/** The channels in the order in which notify tries them. */
export const channels: readonly ChannelDeclaration[] = [slackDeclaration, emailDeclaration];
