import { readMessage } from "../../local/slack/slack-rules.ts";
import type { World } from "../world.ts";

/** A message that people see: where, when, and its text. */
export interface Shown {
  readonly channel: "slack" | "email";
  /** Epoch milliseconds at which the request left. */
  readonly sentAt: number;
  readonly text: string;
}

export interface SlackAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: number;
}

/** Answers that prove nothing: Slack, or a proxy before it, may have shown the message. */
export const uncertainAnswers: readonly SlackAnswer[] = [
  { status: 500, body: "fatal_error" },
  { status: 500, body: "internal_error" },
  { status: 502, body: "<html>Bad Gateway</html>" },
  { status: 503, body: "upstream connect error or disconnect" },
  { status: 503, body: "" },
  { status: 408, body: "" },
];

/** Answers that prove that nobody saw the message. */
export const certainRefusals: readonly SlackAnswer[] = [
  { status: 500, body: "rollup_error" },
  { status: 429, body: "rate_limited", retryAfter: 1 },
  { status: 429, body: "rate_limited", retryAfter: 30 },
];

/** Messages that Slack takes at once; after them it takes one a second. */
const burst = 3;

/** A Slack webhook: one message a second after a burst of three, and Block Kit's limits. */
export function createSlack({ clock }: World, show: (message: Shown) => void) {
  let free = burst;
  let countedAt = clock.now();
  return (json: string, sentAt: number): SlackAnswer => {
    free = Math.min(burst, free + (clock.now() - countedAt) / 1000);
    countedAt = clock.now();
    if (free < 1) return { status: 429, body: "rate_limited", retryAfter: 1 };
    const read = readMessage(json);
    if ("refusal" in read) return read.refusal;
    free -= 1;
    show({ channel: "slack", sentAt, text: json });
    return { status: 200, body: "ok" };
  };
}
