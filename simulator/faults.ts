import type { Choices } from "./choices.ts";
import type { FunctionName } from "./program.ts";

/** A service, by the name of the SDK's client. */
export type ServiceName = "S3" | "SQS" | "DynamoDB" | "SESv2" | "SSM" | "Slack" | "HubSpot";

/** An answer of an AWS service that is not a success. */
export class ServiceError extends Error {
  readonly status: number;

  /** @param code the SDK's class, such as `NoSuchKey` */
  constructor(code: string, status = 400) {
    super(code);
    this.name = code;
    this.status = status;
  }
}

/** What can become of a call, beside `done`: */
export const fates = [
  /** It does not leave. */
  "refused",
  /** It has no effect, and the answer says that it failed. */
  "failed",
  /** It has its effect, and the answer says that it failed. */
  "failedAfterwards",
  "throttled",
  /** It has no effect and no answer. */
  "silent",
  /** It has its effect and no answer. */
  "unanswered",
  /** It has its effect seconds later, when the client has given up, or after the death of its environment. */
  "late",
  /** It has its effect, and the answer stops after its first bytes. */
  "stalled",
  /** The environment ends before the call leaves. */
  "diesBefore",
  /** The environment ends after the effect and before the answer. */
  "diesAfter",
] as const;
/** `denied`: it has no effect, and the answer says that the function may not do it. Only outages have this fate. */
export type Fate = "done" | "denied" | (typeof fates)[number];

/** A time in which services are down. */
export interface Outage {
  readonly services: readonly ServiceName[];
  /**
   * What becomes of calls, in turn, each for the same part of the time.
   * @default they are refused, then fail, then are silent
   */
  readonly manners?: readonly Fate[];
  /** The functions that it hits. @default all */
  readonly callers?: readonly FunctionName[];
  /** Milliseconds after the start. */
  readonly from: number;
  readonly to: number;
}

export interface FaultPlan {
  /** Milliseconds after the start at which fates and accidents end. */
  readonly until: number;
  /** Probability of each fate, 0 to 1, for one call. */
  readonly fates: Readonly<Partial<Record<Fate, number>>>;
  /** Probability of each accident: messages, events and answers that come twice or not at all. */
  readonly accidents: number;
  /** Milliseconds by which the clock of an environment is wrong, at most. */
  readonly skew: number;
  readonly outages: readonly Outage[];
}

/** Decides what happens to each call. */
export class Faults {
  readonly #plan: FaultPlan;
  readonly #choices: Choices;
  readonly #elapsed: () => number;
  calls = 0;

  /** @param elapsed milliseconds since the start */
  constructor(plan: FaultPlan, choices: Choices, elapsed: () => number) {
    this.#plan = plan;
    this.#choices = choices;
    this.#elapsed = elapsed;
  }

  /** Whether an accident happens now. */
  accident(): boolean {
    return this.#elapsed() < this.#plan.until && this.#choices.chance(this.#plan.accidents);
  }

  /** Milliseconds by which the clock of a new environment is wrong. */
  skew(): number {
    return this.#plan.skew * this.#choices.oneOf([-1, -0.02, 0, 0, 0.02, 1]);
  }

  fateOf(service: ServiceName, caller: FunctionName): Fate {
    this.calls += 1;
    const { outages, until } = this.#plan;
    const now = this.#elapsed();
    const outage = outages.find(
      ({ services, callers = [caller], from, to }) =>
        services.includes(service) && callers.includes(caller) && from <= now && now < to,
    );
    if (outage) {
      const { manners = ["refused", "failed", "silent"], from, to } = outage;
      return manners[Math.floor((manners.length * (now - from)) / (to - from))] ?? "failed";
    }
    let left = now < until ? this.#choices.number() : 1;
    for (const fate of fates) {
      left -= this.#plan.fates[fate] ?? 0;
      if (left < 0) return fate;
    }
    return "done";
  }
}
