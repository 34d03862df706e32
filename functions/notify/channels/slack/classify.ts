import type { FailureKind } from "../../../runtime/failures.ts";
import type { Outcome } from "../channel.ts";
import { pauseSeconds, type WebhookAnswer } from "../webhook.ts";

/**
 * Slack's own words for a message that it does not take, with a status of 4xx. A channel shows nothing after them. A fault
 * lies in the message. Everything else is the workspace's: somebody must act there, or put a new webhook into its parameter.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
export const slackRefusals = {
  invalid_payload: "fault",
  invalid_blocks: "fault",
  invalid_blocks_format: "fault",
  invalid_attachments: "fault",
  msg_too_long: "fault",
  msg_blocks_too_long: "fault",
  no_text: "fault",
  too_many_attachments: "fault",
  message_limit_exceeded: "needsPerson",
  user_not_found: "needsPerson",
  action_prohibited: "needsPerson",
  posting_to_general_channel_denied: "needsPerson",
  invalid_token: "needsPerson",
  channel_not_found: "needsPerson",
  no_service: "needsPerson",
  no_service_id: "needsPerson",
  no_active_hooks: "needsPerson",
  no_team: "needsPerson",
  team_disabled: "needsPerson",
  channel_is_archived: "needsPerson",
} as const satisfies Readonly<Record<string, FailureKind>>;
const refusals = new Map<string, FailureKind>(Object.entries(slackRefusals));

/**
 * Slack's answer, by its body and then by its status. Only a 429, `rollup_error` and Slack's own words with a 4xx prove that
 * nobody saw the message. Slack's `fatal_error` says that a part may have succeeded, and a proxy's answer says nothing of
 * what Slack did.
 */
export function classifySlackAnswer({ status, body, retryAfter }: WebhookAnswer): Outcome {
  if (status === 200 && body === "ok") return { status: "delivered" };
  if (status === 429) {
    return { status: "refused", reason: "rate_limited", remedy: "wait", retryAfterSeconds: pauseSeconds(retryAfter) };
  }
  if (status === 500 && body === "rollup_error") return { status: "refused", reason: body, remedy: "retry" };
  const kind = status >= 400 && status < 500 ? refusals.get(body) : undefined;
  if (kind) return { status: "refused", reason: body, remedy: "giveUp", kind };
  const isWord = /^[a-z_]{1,60}$/.test(body);
  return { status: "unknown", reason: isWord ? body : `http_${status}` };
}
