import { openWebhookChannel } from "../webhook.ts";
import { slackCard } from "./card.ts";
import { classifySlackAnswer } from "./classify.ts";
import { slackDeclaration } from "./declaration.ts";
import { slackDigest } from "./digest.ts";

/** Opens Slack: a card for one lead, a digest for several. */
export const openSlack = openWebhookChannel(
  slackDeclaration,
  ({ leads }) => (leads.length === 1 ? slackCard(leads[0]) : slackDigest(leads)),
  classifySlackAnswer,
);
