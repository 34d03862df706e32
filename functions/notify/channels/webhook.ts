import { chunk } from "es-toolkit/array";
import { clamp } from "es-toolkit/math";
import { bodyStart } from "../../runtime/body-start.ts";
import { type FailureKind, failureOf } from "../../runtime/failures.ts";
import { MissingSettingError } from "../../runtime/settings.ts";
import type { Channel, ChannelMessage, ChannelTools, Outcome } from "./channel.ts";
import { type ChannelDeclaration, webhookVariable } from "./declaration.ts";
import { wasNeverSent } from "./never-sent.ts";

/** A service's answer to a webhook's message. */
export interface WebhookAnswer {
  readonly status: number;
  /** Without white space around it. */
  readonly body: string;
  readonly retryAfter: string | null;
}

/** Seconds of a pause at most: a wrong number of a proxy must not end the posts to a destination for years. */
const longestPauseSeconds = 900;

/** Seconds for which a service asks in `Retry-After`, from 1 to 900, and 1 without a whole number of them. */
export const pauseSeconds = (retryAfter: string | null): number =>
  /^\d+$/.test(retryAfter ?? "") ? clamp(Number(retryAfter), 1, longestPauseSeconds) : 1;

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
    // SSM reads ten parameters with a request.
    const groups = chunk(Object.values(webhookParameters), 10);
    return {
      patienceMilliseconds: patienceSeconds * 1000,
      async post(message, signal) {
        const parameter = webhookParameters[message.destination];
        if (!parameter) throw new MissingSettingError(settings, `names no webhook for ${message.destination}`);
        const together = groups.find((group) => group.includes(parameter));
        return postToWebhook(() => secret(parameter, { signal, together }), compose(message), signal, classify);
      },
    };
  };

/**
 * Posts a message as JSON to a webhook. Redirects are not followed, because the leads would go to whoever the answer names.
 * It never throws for what the service or the network does, and never shows the webhook's URL, which is a secret.
 * @param readUrl reads the webhook's URL, and ends with the signal
 * @param signal ends the post and the reading of the answer
 * @param classify says what an answer means
 */
export async function postToWebhook(
  readUrl: () => Promise<string>,
  message: unknown,
  signal: AbortSignal,
  classify: (answer: WebhookAnswer) => Outcome,
): Promise<Outcome> {
  let secret: string;
  try {
    secret = await readUrl();
  } catch (error) {
    const reason: unknown = signal.aborted ? signal.reason : error;
    return notUsable(codeOf(reason), failureOf(reason));
  }
  const url = URL.parse(secret);
  // fetch sends nothing to a URL with a name or a password, with an error that does not say so.
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    return notUsable("no URL of a webhook", "needsPerson");
  }
  if (signal.aborted) return { status: "refused", reason: "no_time_left", remedy: "giveUp", kind: "unavailable" };
  const body = new Blob([JSON.stringify(message)]);
  let answer: WebhookAnswer;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8", "content-length": String(body.size) },
      // fetch sends a body that is no stream again by itself after a 421. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
      body: body.stream(),
      duplex: "half",
      redirect: "manual",
      signal,
    });
    const { status, headers } = response;
    const start = await bodyStart(response.body ?? [], maxAnswerBytes);
    answer = { status, body: start.toString("utf8").trim(), retryAfter: headers.get("retry-after") };
  } catch (error) {
    const reason = codeOf(error);
    return wasNeverSent(error) ? { status: "refused", reason, remedy: "retry" } : { status: "unknown", reason };
  }
  return classify(answer);
}

const notUsable = (why: string, kind: FailureKind): Outcome => ({
  status: "refused",
  reason: `webhook URL not usable: ${why}`,
  remedy: "giveUp",
  kind,
});

/** Bytes of an answer that are read. A service's own answers are a word, and a proxy's can be endless. */
const maxAnswerBytes = 4096;

/** The network's error code, which fetch hides in the cause, or else the error's class. */
function codeOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: string };
  const found = [cause?.code, code].find((one) => typeof one === "string");
  return String(found ?? name ?? "Error");
}
