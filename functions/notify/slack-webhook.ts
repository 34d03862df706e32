import type { SlackMessage } from "./slack-card.ts";
import { notifyBudget } from "./time-budget.ts";

/**
 * What became of a message: `delivered`; `refused`, so it is certain that nobody saw it; or `unknown`, because it went
 * out and no answer came. A refusal's `remedy` says what helps: to try again, to wait for the time that Slack names, or
 * nothing. `reason` is fit for logs: Slack's own error word, or the class of the network's error.
 */
export type SlackOutcome =
  | { readonly status: "delivered" }
  | { readonly status: "refused"; readonly reason: string; readonly remedy: "retry" | "giveUp" }
  | { readonly status: "refused"; readonly reason: string; readonly remedy: "wait"; readonly retryAfterSeconds: number }
  | { readonly status: "unknown"; readonly reason: string };

/** Failures of the network that come before a request could leave this machine. */
const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/**
 * Posts a message to an incoming webhook. It never throws for what Slack or the network does, and never shows the
 * webhook's URL, which is a secret.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 * @param readUrl reads the webhook's URL; without it Slack cannot be reached, which is a refusal like another
 * @param signal ends it; by default after 5 s, in which the URL has to be read and the whole answer has to be there
 */
export async function postToSlack(
  readUrl: () => Promise<string>,
  message: SlackMessage,
  signal = slackPatience(),
): Promise<SlackOutcome> {
  let url: URL;
  try {
    url = new URL(await Promise.race([readUrl(), ended(signal)]));
  } catch (error) {
    return { status: "refused", reason: `webhook URL not usable: ${codeOf(error)}`, remedy: "giveUp" };
  }
  if (signal.aborted) return { status: "refused", reason: "no_time_left", remedy: "giveUp" };
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(message),
      redirect: "manual",
      signal,
    });
    return classify(answer.status, (await answer.text()).trim(), answer.headers.get("retry-after"));
  } catch (error) {
    const reason = codeOf(error);
    return neverSent.has(reason) ? { status: "refused", reason, remedy: "retry" } : { status: "unknown", reason };
  }
}

/** The time that a message to Slack may take in all. */
export const slackPatience = () => AbortSignal.timeout(notifyBudget.slack * 1000);

const ended = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

/** Slack's answer by body, then by status. */
export function classify(status: number, body: string, retryAfter?: string | null): SlackOutcome {
  if (status === 200 && body === "ok") return { status: "delivered" };
  const reason = /^[a-z_]{1,60}$/.test(body) ? body : `http_${status}`;
  if (status === 429) {
    return { status: "refused", reason: "rate_limited", remedy: "wait", retryAfterSeconds: Number(retryAfter) || 1 };
  }
  // What is not Slack's own comes from something in between, and whether that passed the message on is not known.
  const fromBetween = status >= 500 && status !== 503 && reason === `http_${status}`;
  if (status < 300 || fromBetween) return { status: "unknown", reason };
  return { status: "refused", reason, remedy: status >= 500 ? "retry" : "giveUp" };
}

/** The network's error code, which fetch hides in the cause, or else the error's class. */
function codeOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: string };
  const found = [cause?.code, code].find((one) => typeof one === "string");
  return String(found ?? name ?? "Error");
}
