import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
  retry,
  wrap,
} from "cockatiel";
import type { SlackMessage } from "./slack-card.ts";
import { type SlackOutcome, slackPatience } from "./slack-webhook.ts";

export type PostToSlack = (message: SlackMessage) => Promise<SlackOutcome>;

/** Failures in a row after which Slack counts as down, and milliseconds after which one message asks again. */
const breaker = { failures: 3, halfOpenAfter: 30_000 };

/**
 * Posts with patience and without stubbornness: what Slack or the network refused for the moment is tried up to twice
 * more, with growing pauses and jitter, and while Slack is down its messages are refused at once (`circuit_open`), so that
 * leads go by email without waiting. A message without an answer is not tried again here: it may have been seen.
 * @param post tries once, until the signal ends it: all tries together have 5 s by default
 */
export function resilient(
  post: (message: SlackMessage, signal: AbortSignal) => Promise<SlackOutcome>,
  { initialDelay = 250, patience = slackPatience } = {},
): PostToSlack {
  const momentary = handleWhenResult((outcome) => remedyOf(outcome) === "retry");
  const down = handleWhenResult((outcome) => remedyOf(outcome) === "retry" || statusOf(outcome) === "unknown");
  const policy = wrap(
    retry(momentary, { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay, maxDelay: 8 * initialDelay }) }),
    circuitBreaker(down, { halfOpenAfter: breaker.halfOpenAfter, breaker: new ConsecutiveBreaker(breaker.failures) }),
  );
  return async (message) => {
    const signal = patience();
    try {
      return await policy.execute(() => post(message, signal), signal);
    } catch (error) {
      if (error instanceof BrokenCircuitError) return { status: "refused", reason: "circuit_open", remedy: "giveUp" };
      throw error;
    }
  };
}

const statusOf = (outcome: unknown) => (outcome as SlackOutcome).status;
const remedyOf = (outcome: unknown) => (outcome as { remedy?: string }).remedy;
