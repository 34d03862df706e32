import type { Outcome } from "../channel.ts";
import type { WebhookAnswer } from "../webhook.ts";

/**
 * Slack's own words for a message that it does not take, with a status of 4xx. A channel shows nothing after them.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export const slackRefusals: ReadonlySet<string> = new Set([
  "invalid_payload",
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_attachments",
  "msg_too_long",
  "msg_blocks_too_long",
  "no_text",
  "too_many_attachments",
  "message_limit_exceeded",
  "user_not_found",
  "action_prohibited",
  "posting_to_general_channel_denied",
  "invalid_token",
  "channel_not_found",
  "no_service",
  "no_service_id",
  "no_active_hooks",
  "no_team",
  "team_disabled",
  "channel_is_archived",
]);

/** Seconds of a pause at most: a wrong number of a proxy must not end the posts to a channel for years. */
const longestPauseSeconds = 3600;

/**
 * Slack's answer, by its body and then by its status. Only a 429, `rollup_error` and Slack's own words with a 4xx prove that
 * nobody saw the message. Slack's `fatal_error` says that a part may have succeeded, and a proxy's answer says nothing of
 * what Slack did.
 */
export function classifySlackAnswer({ status, body, retryAfter }: WebhookAnswer): Outcome {
  if (status === 200 && body === "ok") return { status: "delivered" };
  if (status === 429) {
    const retryAfterSeconds = Math.min(Number(retryAfter) || 1, longestPauseSeconds);
    return { status: "refused", reason: "rate_limited", remedy: "wait", retryAfterSeconds };
  }
  if (status === 500 && body === "rollup_error") return { status: "refused", reason: body, remedy: "retry" };
  if (status >= 400 && status < 500 && slackRefusals.has(body)) {
    return { status: "refused", reason: body, remedy: "giveUp" };
  }
  const isWord = /^[a-z_]{1,60}$/.test(body);
  return { status: "unknown", reason: isWord ? body : `http_${status}` };
}
