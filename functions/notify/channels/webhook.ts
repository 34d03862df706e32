import type { Outcome } from "./channel.ts";

/** What came of a post to a webhook. */
export type WebhookAnswer =
  /** `body` without white space around it. */
  | { readonly status: number; readonly body: string; readonly retryAfter: string | null }
  /** Nothing was posted, for a reason that is fit for logs. */
  | { readonly notPosted: string }
  /** The network's error code, or the class of the error. */
  | { readonly networkError: string };

/**
 * Posts a message as JSON to a webhook. Redirects are not followed, because the leads would go to whoever the answer names.
 * It never throws for what the service or the network does, and never shows the webhook's URL, which is a secret.
 * @param readUrl reads the webhook's URL
 * @param signal ends the reading, the post and the reading of the answer
 */
export async function postToWebhook(
  readUrl: () => Promise<string>,
  message: unknown,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  let url: URL;
  try {
    url = new URL(await Promise.race([readUrl(), aborted(signal)]));
  } catch (error) {
    return { notPosted: `webhook URL not usable: ${codeOf(error)}` };
  }
  if (signal.aborted) return { notPosted: "no_time_left" };
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(message),
      redirect: "manual",
      signal,
    });
    return {
      status: answer.status,
      body: (await answer.text()).trim(),
      retryAfter: answer.headers.get("retry-after"),
    };
  } catch (error) {
    return { networkError: codeOf(error) };
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

/** Errors of the network that come before a request can leave this machine. */
const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/** The outcome of a post that the service did not answer. */
export function unansweredOutcome(answer: Exclude<WebhookAnswer, { readonly status: number }>): Outcome {
  if ("notPosted" in answer) return { status: "refused", reason: answer.notPosted, remedy: "giveUp" };
  const reason = answer.networkError;
  return neverSent.has(reason) ? { status: "refused", reason, remedy: "retry" } : { status: "unknown", reason };
}

/** The network's error code, which fetch hides in the cause, or else the error's class. */
function codeOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: string };
  const found = [cause?.code, code].find((one) => typeof one === "string");
  return String(found ?? name ?? "Error");
}
