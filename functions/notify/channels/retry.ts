import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
  type IPolicy,
  noop,
  retry,
  wrap,
} from "cockatiel";
import type { Channel, ChannelMessage, Outcome } from "./channel.ts";
import type { ChannelDeclaration } from "./declaration.ts";

/** What of a declaration says how a message is tried. */
export type RetryRule = Pick<ChannelDeclaration, "budgetSeconds" | "retryDelayMilliseconds" | "circuitBreaker">;

/** Sends a message with retries, and says what became of it. */
export type Post = (message: ChannelMessage) => Promise<Outcome>;

/**
 * Posts a message up to three times while the channel's answer is to try again, with growing, jittered pauses. A message
 * without an answer is not sent again here, because somebody may have seen it. Each destination has its own circuit
 * breaker: when one is down, its messages are refused at once (`circuit_open`), and the others are not affected.
 */
export function withRetryAndCircuitBreaker(channel: Channel, rule: RetryRule): Post {
  const policies = new Map<string, IPolicy>();
  return async (message) => {
    const { destination } = message;
    const policy = policies.get(destination) ?? createPolicy(rule);
    policies.set(destination, policy);
    const signal = AbortSignal.timeout(rule.budgetSeconds * 1000);
    try {
      return await policy.execute(() => channel.post(message, signal), signal);
    } catch (error) {
      if (error instanceof BrokenCircuitError) {
        return { status: "refused", reason: "circuit_open", remedy: "giveUp", kind: "unavailable" };
      }
      throw error;
    }
  };
}

function createPolicy({ retryDelayMilliseconds: initialDelay, circuitBreaker: breaker }: RetryRule): IPolicy {
  const backoff = new ExponentialBackoff({ initialDelay, maxDelay: 8 * initialDelay });
  const retries = retry(whenOutcome(isToBeRetried), { maxAttempts: 2, backoff });
  if (!breaker) return wrap(retries, noop);
  const isDown = whenOutcome((outcome) => isToBeRetried(outcome) || outcome.status === "unknown");
  const { failures, openSeconds } = breaker;
  const options = { halfOpenAfter: openSeconds * 1000, breaker: new ConsecutiveBreaker(failures) };
  return wrap(retries, circuitBreaker(isDown, options));
}

const whenOutcome = (check: (outcome: Outcome) => boolean) => handleWhenResult((result) => check(result as Outcome));
const isToBeRetried = (outcome: Outcome) => outcome.status === "refused" && outcome.remedy === "retry";
