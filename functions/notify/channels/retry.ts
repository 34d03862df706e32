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
import type { Channel, Outcome } from "./channel.ts";
import type { ChannelDeclaration } from "./declaration.ts";

/** What of a declaration says how a message is tried. */
export type RetryRule = Pick<ChannelDeclaration, "budgetSeconds" | "retryDelayMilliseconds" | "circuitBreaker">;

/** Sends a message, and says what became of it. */
export type Post<Message = unknown> = (destination: string, message: Message) => Promise<Outcome>;

/**
 * Posts a message up to three times while the channel's answer is to try again, with growing, jittered pauses. A message
 * without an answer is not sent again here, because somebody may have seen it. Each destination has its own circuit
 * breaker: when one is down, its messages are refused at once (`circuit_open`), and the others are not affected.
 */
export function withRetryAndCircuitBreaker<Message, Answer>(
  channel: Channel<Message, Answer>,
  rule: RetryRule,
): Post<Message> {
  const policies = new Map<string, IPolicy>();
  const policyOf = (destination: string) => {
    const policy = policies.get(destination) ?? createPolicy(rule);
    policies.set(destination, policy);
    return policy;
  };
  return async (destination, message) => {
    const signal = AbortSignal.timeout(rule.budgetSeconds * 1000);
    const attempt = async () => channel.classify(await channel.post(destination, message, signal));
    try {
      return await policyOf(destination).execute(attempt, signal);
    } catch (error) {
      if (error instanceof BrokenCircuitError) return { status: "refused", reason: "circuit_open", remedy: "giveUp" };
      throw error;
    }
  };
}

function createPolicy({ retryDelayMilliseconds: initialDelay, circuitBreaker: breaker }: RetryRule): IPolicy {
  const backoff = new ExponentialBackoff({ initialDelay, maxDelay: 8 * initialDelay });
  const shouldRetry = handleWhenResult((outcome) => isToBeRetried(outcome as Outcome));
  const isDown = handleWhenResult(
    (outcome) => isToBeRetried(outcome as Outcome) || (outcome as Outcome).status === "unknown",
  );
  return wrap(
    retry(shouldRetry, { maxAttempts: 2, backoff }),
    breaker
      ? circuitBreaker(isDown, {
          halfOpenAfter: breaker.openSeconds * 1000,
          breaker: new ConsecutiveBreaker(breaker.failures),
        })
      : noop,
  );
}

const isToBeRetried = (outcome: Outcome) => outcome.status === "refused" && outcome.remedy === "retry";
