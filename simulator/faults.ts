import type { Choices } from "./random.ts";

export type ServiceName = "s3" | "sqs" | "dynamodb" | "sesv2" | "ssm" | "slack";

/**
 * What becomes of a call: `done` and answered; `refused` before it left; `failed` without effect; `failedAfterwards`: done, but the
 * answer says it failed; `throttled`; `silent`: no effect and no answer; `unanswered`: done, and no answer; `late`: done
 * after seconds, when the client has given up; `stalled`: done, and the answer stops after its headers; `diesBefore` and
 * `diesAfter`: the environment ends before the call leaves, or after its effect and before its answer.
 */
export const fates = [
  "refused",
  "failed",
  "failedAfterwards",
  "throttled",
  "silent",
  "unanswered",
  "late",
  "stalled",
  "diesBefore",
  "diesAfter",
] as const;
export type Fate = "done" | (typeof fates)[number];

/** What can happen beside calls. */
export type Accident =
  /** A message is received, and stays visible. */
  | "deliveredTwice"
  /** A message is deleted, and comes again. */
  | "deletedInVain"
  /** One entry of a batch call fails. */
  | "entryFails"
  /** EventBridge delivers an event twice. */
  | "eventTwice"
  /** An idle environment is removed. */
  | "environmentRemoved"
  /** The source does not get ingest's answer. */
  | "answerLost";

/** A time in which services are down. */
export interface Outage {
  readonly services: readonly ServiceName[];
  /** Milliseconds after the start. */
  readonly from: number;
  readonly to: number;
}

/** What an outage does, in turn. */
const outageFates = ["refused", "failed", "silent"] as const satisfies readonly Fate[];

export interface FaultPlan {
  /** Milliseconds after the start at which the last fault can happen. */
  readonly until: number;
  /** Probability of each fate, 0 to 1, for one call. */
  readonly fates: Readonly<Partial<Record<Fate, number>>>;
  /** Probability of each accident. */
  readonly accidents: number;
  readonly outages: readonly Outage[];
  /** The environment that makes the call of this number, from 1, ends before it or after it. */
  readonly crash?: { readonly call: number; readonly fate: "diesBefore" | "diesAfter" };
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

  happens(_accident: Accident): boolean {
    return this.#elapsed() < this.#plan.until && this.#choices.chance(this.#plan.accidents);
  }

  fateOf(service: ServiceName): Fate {
    this.calls += 1;
    const { crash, outages, until } = this.#plan;
    if (crash?.call === this.calls) return crash.fate;
    const elapsed = this.#elapsed();
    const outage = outages.find((one) => one.services.includes(service) && one.from <= elapsed && elapsed < one.to);
    if (outage) {
      const third = Math.floor((3 * (elapsed - outage.from)) / (outage.to - outage.from));
      return outageFates[third] ?? "failed";
    }
    if (elapsed >= until) return "done";
    let left = this.#choices.number();
    for (const [fate, probability] of Object.entries(this.#plan.fates) as [Fate, number][]) {
      left -= probability;
      if (left < 0) return fate;
    }
    return "done";
  }
}
