import { openWebhookChannel } from "../webhook.ts";
import { slackCard } from "./card.ts";
import { classifySlackAnswer } from "./classify.ts";
import { slackDeclaration } from "./declaration.ts";
import { slackDigest, slackLine } from "./digest.ts";

/** Opens Slack: a card or a line for one lead, a digest for several. */
export const openSlack = openWebhookChannel(
  slackDeclaration,
  ({ leads }) => {
    if (leads.length > 1) return slackDigest(leads);
    return leads[0].seenBefore?.isLine ? slackLine(leads[0]) : slackCard(leads[0]);
  },
  classifySlackAnswer,
);
