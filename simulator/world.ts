import { leadIdsIn } from "../local/lead-ids.ts";
import { Choices } from "./choices.ts";
import { Clock } from "./clock.ts";
import { type FaultPlan, Faults } from "./faults.ts";

export type Json = Readonly<Record<string, unknown>>;

/** The simulated time begins here, so that dates are the same in every run. */
const start = Date.UTC(2026, 2, 2, 9);

/** What every part of a simulation shares: its clock, its choices, its faults, and the events that it tells. */
export class World {
  readonly clock = new Clock(start);
  readonly random: Choices;
  readonly faults: Faults;
  /** Gets every line that functions log, as JSON. */
  readonly log: ((line: string) => void) | undefined;
  readonly #trace: ((line: string) => void) | undefined;
  #ids = 0;

  constructor(seed: number, faults: FaultPlan, trace?: (line: string) => void, log?: (line: string) => void) {
    this.random = new Choices(seed);
    this.faults = new Faults(faults, this.random, () => this.elapsed);
    this.#trace = trace;
    this.log = log;
  }

  /** Milliseconds since the start. */
  get elapsed(): number {
    return this.clock.now() - start;
  }

  newId(kind: string): string {
    this.#ids += 1;
    return `${kind}-${this.#ids}`;
  }

  /** Tells what happens. Of the details only the ids of leads are shown. */
  tell(who: string, what: string, details?: unknown): void {
    this.#trace?.(
      [`${(this.elapsed / 1000).toFixed(3)} s`, who, what, ...leadIdsIn(JSON.stringify(details) ?? "")].join("  "),
    );
  }
}
