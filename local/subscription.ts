import type { DeliveryRules } from "./senders/sender.ts";

/** Milliseconds of the run for a second of a vendor's delays. */
const vendorSecond = 100;

/** Whether the vendor still sends to a source, which its rules decide by the answers that it gets. */
export class Subscription {
  readonly #rules: DeliveryRules;
  readonly #now: () => number;
  #firstFailures = 0;
  #failingSince: number | undefined;
  #stoppedUntil = Number.NEGATIVE_INFINITY;
  /** When it last stopped: events from before are lost. */
  #stoppedAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of the run */
  constructor(rules: DeliveryRules, now: () => number = () => performance.now()) {
    this.#rules = rules;
    this.#now = now;
  }

  /** Whether an event is lost because the vendor stopped. @param since when the event came, in milliseconds of the run */
  loses(since: number): boolean {
    return since <= this.#stoppedAt || this.#now() < this.#stoppedUntil;
  }

  isSuccess(status: number, body: string): boolean {
    const { isSuccess = (given: number) => given >= 200 && given <= 299 } = this.#rules;
    return isSuccess(status, body);
  }

  /**
   * Milliseconds until the next attempt, with a delay that is shorter by chance, by a tenth at most. Undefined when there is no
   * further attempt.
   * @param attempt the one that failed, from 1
   */
  delayAfter(attempt: number, status: number, retryAfterSeconds: number): number | undefined {
    const { isRetried = (given: number) => given === 429 || given >= 500, delays, honoursRetryAfter } = this.#rules;
    const delay = delays[attempt - 1];
    if (delay === undefined || (status !== 0 && !isRetried(status))) return undefined;
    return Math.max(delay * vendorSecond * (1 - Math.random() / 10), honoursRetryAfter ? retryAfterSeconds * 1000 : 0);
  }

  /** Takes note of an answer. Status 0 is no answer. */
  note(attempt: number, status: number, body: string): void {
    if (this.isSuccess(status, body)) {
      this.#firstFailures = 0;
      this.#failingSince = undefined;
      return;
    }
    const now = this.#now();
    this.#failingSince ??= now;
    if (attempt === 1) this.#firstFailures += 1;
    const { stop } = this.#rules;
    if (!stop) return;
    const { firstFailures = Number.POSITIVE_INFINITY, failingSeconds = Number.POSITIVE_INFINITY } = stop;
    const failing = (now - this.#failingSince) / vendorSecond;
    if (status !== stop.status && this.#firstFailures < firstFailures && failing < failingSeconds) return;
    this.#stoppedAt = now;
    this.#stoppedUntil = now + (stop.seconds ?? Number.POSITIVE_INFINITY) * vendorSecond;
    this.#firstFailures = 0;
    this.#failingSince = undefined;
  }
}
