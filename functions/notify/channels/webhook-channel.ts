import { MissingSettingError } from "../../runtime/settings.ts";
import type { Channel, ChannelMessage, ChannelTools, Outcome } from "./channel.ts";
import { type ChannelDeclaration, webhookVariable } from "./declaration.ts";
import { postToWebhook, type WebhookAnswer } from "./webhook.ts";

/** What the stack tells a channel of webhooks, as JSON in its variable. */
export interface WebhookSettings {
  /** Destination to the name of the SSM parameter that holds its webhook's URL. */
  readonly webhookParameters: Readonly<Record<string, string>>;
  /** Seconds for which a 429 is waited out before the next channel gets the leads. */
  readonly patienceSeconds: number;
}

/**
 * Returns what opens a channel that posts to its destinations' incoming webhooks.
 * @param compose makes the service's message, which is sent as JSON
 * @param classify says what an answer of the service means
 */
export const openWebhookChannel =
  (
    { name }: Pick<ChannelDeclaration, "name">,
    compose: (message: ChannelMessage) => unknown,
    classify: (answer: WebhookAnswer) => Outcome,
  ) =>
  ({ variable, secret }: ChannelTools): Channel => {
    const settings = webhookVariable(name);
    const { webhookParameters, patienceSeconds } = variable<WebhookSettings>(settings);
    return {
      patienceMilliseconds: patienceSeconds * 1000,
      async post(message, signal) {
        const parameter = webhookParameters[message.destination];
        if (!parameter) throw new MissingSettingError(settings, `names no webhook for ${message.destination}`);
        return postToWebhook(() => secret(parameter), compose(message), signal, classify);
      },
    };
  };
