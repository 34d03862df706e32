import { type SlackSettings, Variable } from "../../../runtime/names.ts";
import { MissingSettingError } from "../../../runtime/settings.ts";
import type { Channel, ChannelTools } from "../channel.ts";
import { postToWebhook, type WebhookAnswer } from "../webhook.ts";
import { type SlackMessage, slackCard } from "./card.ts";
import { classifySlackAnswer } from "./classify.ts";
import { slackDigest } from "./digest.ts";

/** Opens Slack: a card for one lead, a digest for several, posted to the destination's incoming webhook. */
export function openSlack({ variable, secret }: ChannelTools): Channel<SlackMessage, WebhookAnswer> {
  const { webhookParameters, patienceSeconds } = variable<SlackSettings>(Variable.slack);
  return {
    patienceMilliseconds: patienceSeconds * 1000,
    compose: (leads) => (leads.length === 1 ? slackCard(leads[0]) : slackDigest(leads)),
    async post(destination, message, signal) {
      const parameter = webhookParameters[destination];
      if (!parameter) throw new MissingSettingError(Variable.slack, `names no webhook for ${destination}`);
      return postToWebhook(() => secret(parameter), message, signal);
    },
    classify: classifySlackAnswer,
  };
}
