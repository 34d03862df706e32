import type { Outcome } from "./channel.ts";

/** A service's answer to a webhook's message. */
export interface WebhookAnswer {
  readonly status: number;
  /** Without white space around it. */
  readonly body: string;
  readonly retryAfter: string | null;
}

/**
 * Posts a message as JSON to a webhook. Redirects are not followed, because the leads would go to whoever the answer names.
 * It never throws for what the service or the network does, and never shows the webhook's URL, which is a secret.
 * @param readUrl reads the webhook's URL
 * @param signal ends the reading, the post and the reading of the answer
 * @param classify says what an answer means
 */
export async function postToWebhook(
  readUrl: () => Promise<string>,
  message: unknown,
  signal: AbortSignal,
  classify: (answer: WebhookAnswer) => Outcome,
): Promise<Outcome> {
  let url: URL;
  try {
    url = new URL(await Promise.race([readUrl(), aborted(signal)]));
  } catch (error) {
    return { status: "refused", reason: `webhook URL not usable: ${codeOf(error)}`, remedy: "giveUp" };
  }
  if (signal.aborted) return { status: "refused", reason: "no_time_left", remedy: "giveUp" };
  let answer: WebhookAnswer;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(message),
      redirect: "manual",
      signal,
    });
    const { status, headers } = response;
    answer = { status, body: (await response.text()).trim(), retryAfter: headers.get("retry-after") };
  } catch (error) {
    return unansweredOutcome(codeOf(error));
  }
  return classify(answer);
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

/** Errors of the network that come before a request can leave this machine. */
const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/**
 * The outcome of a post that the service did not answer.
 * @param reason the network's error code, or the class of the error
 */
export const unansweredOutcome = (reason: string): Outcome =>
  neverSent.has(reason) ? { status: "refused", reason, remedy: "retry" } : { status: "unknown", reason };

/** The network's error code, which fetch hides in the cause, or else the error's class. */
function codeOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: string };
  const found = [cause?.code, code].find((one) => typeof one === "string");
  return String(found ?? name ?? "Error");
}
