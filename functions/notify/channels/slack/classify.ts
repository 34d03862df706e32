import type { Outcome } from "../channel.ts";
import type { WebhookAnswer } from "../webhook.ts";

/**
 * Slack's answer, by its body and then by its status.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export function classifySlackAnswer({ status, body, retryAfter }: WebhookAnswer): Outcome {
  if (status === 200 && body === "ok") return { status: "delivered" };
  if (status === 429) {
    return { status: "refused", reason: "rate_limited", remedy: "wait", retryAfterSeconds: Number(retryAfter) || 1 };
  }
  const ownWord = /^[a-z_]{1,60}$/.test(body);
  const reason = ownWord ? body : `http_${status}`;
  // An answer that is not Slack's own comes from a proxy, and it is not known whether that passed the message on.
  const fromProxy = status >= 500 && status !== 503 && !ownWord;
  if (status < 300 || fromProxy) return { status: "unknown", reason };
  return { status: "refused", reason, remedy: status >= 500 ? "retry" : "giveUp" };
}
