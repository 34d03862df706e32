import { type SlackSettings, Variable } from "../../../runtime/names.ts";
import { MissingSettingError } from "../../../runtime/settings.ts";
import type { Channel, ChannelTools } from "../channel.ts";
import { postToWebhook } from "../webhook.ts";
import { slackCard } from "./card.ts";
import { classifySlackAnswer } from "./classify.ts";
import { slackDigest } from "./digest.ts";

/** Opens Slack: a card for one lead, a digest for several, posted to the destination's incoming webhook. */
export function openSlack({ variable, secret }: ChannelTools): Channel {
  const { webhookParameters, patienceSeconds } = variable<SlackSettings>(Variable.slack);
  return {
    patienceMilliseconds: patienceSeconds * 1000,
    async post({ destination, leads }, signal) {
      const parameter = webhookParameters[destination];
      if (!parameter) throw new MissingSettingError(Variable.slack, `names no webhook for ${destination}`);
      const message = leads.length === 1 ? slackCard(leads[0]) : slackDigest(leads);
      return postToWebhook(() => secret(parameter), message, signal, classifySlackAnswer);
    },
  };
}
