import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
  retry,
} from "cockatiel";
import type { Channel, ChannelMessage, Outcome } from "./channel.ts";
import type { ChannelDeclaration } from "./declaration.ts";

/** What of a declaration says how a message is tried. */
export type RetryRule = Pick<
  ChannelDeclaration,
  "budgetSeconds" | "retryDelayMilliseconds" | "circuitBreaker" | "webhooks"
>;

/** Sends a message with retries, and says what became of it. */
export type Post = (message: ChannelMessage) => Promise<Outcome>;

/** Sends a message once. */
type Attempt = (message: ChannelMessage, signal: AbortSignal) => Promise<Outcome>;

/**
 * Posts a message up to three times while the channel's answer is to try again, with growing, jittered pauses. A message
 * without an answer is not sent again here, because somebody may have seen it. Each destination has its own circuit
 * breaker: when one is down, its messages are refused at once (`circuit_open`), and the others are not affected.
 */
export function withRetryAndCircuitBreaker(channel: Channel, rule: RetryRule): Post {
  const { budgetSeconds, retryDelayMilliseconds: initialDelay } = rule;
  const backoff = new ExponentialBackoff({ initialDelay });
  const retries = retry(whenOutcome(isToBeRetried), { maxAttempts: 2, backoff });
  const attempts = new Map<string, Attempt>();
  return async (message) => {
    const destination = rule.webhooks ? message.destination : "";
    const attempt = attempts.get(destination) ?? withCircuitBreaker(channel, rule.circuitBreaker);
    attempts.set(destination, attempt);
    const signal = AbortSignal.timeout(budgetSeconds * 1000);
    return retries.execute(() => attempt(message, signal), signal);
  };
}

const circuitOpen: Outcome = { status: "refused", reason: "circuit_open", remedy: "giveUp", kind: "unavailable" };

function withCircuitBreaker(channel: Channel, { failures, openSeconds }: RetryRule["circuitBreaker"]): Attempt {
  const options = { halfOpenAfter: openSeconds * 1000, breaker: new ConsecutiveBreaker(failures) };
  const breaker = circuitBreaker(whenOutcome(isDown), options);
  return async (message, signal) => {
    // One message is finding out whether the destination is back. The others would wait for it.
    if (breaker.state === CircuitState.HalfOpen) return circuitOpen;
    try {
      return await breaker.execute(() => channel.post(message, signal));
    } catch (error) {
      if (error instanceof BrokenCircuitError) return circuitOpen;
      throw error;
    }
  };
}

const whenOutcome = (check: (outcome: Outcome) => boolean) => handleWhenResult((result) => check(result as Outcome));
const isToBeRetried = (outcome: Outcome) => outcome.status === "refused" && outcome.remedy === "retry";
const isDown = (outcome: Outcome) =>
  outcome.status === "unknown" || (outcome.status === "refused" && outcome.remedy === "retry" && !outcome.isThrottled);
