/** An announcement: epoch milliseconds, and how many of them after the request it came. */
export type Announcement = readonly [at: number, milliseconds: number];

/** What a run had done at a time. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Leads so far. */
  readonly accepted: number;
  readonly announced: number;
  /** Messages in each queue, those included that a function is working on. */
  readonly depths: readonly number[];
}

/** How leads fared: seconds from the request to the message, and US dollars for a thousand of them. */
export interface Figures {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  readonly dollars: number;
}

/** The run in numbers. */
export interface NumbersView {
  readonly announcements: readonly Announcement[];
  readonly moments: readonly Moment[];
  /** Names of the queues, in the order of the moments' depths. */
  readonly queues: readonly string[];
  /** US dollars so far by what AWS bills. */
  readonly costs: readonly (readonly [service: string, dollars: number])[];
  /** Undefined until a lead is announced. */
  readonly figures?: Figures;
}

/** A burst with the environment's settings on AWS, and with those of the system that Leadwire replaced. */
export interface Comparison {
  readonly leads: number;
  readonly now: Figures;
  readonly replaced: Figures;
}
