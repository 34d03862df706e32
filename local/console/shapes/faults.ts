/** What is wrong in the run now, and what can be. */
export interface FaultsView {
  readonly faults: readonly {
    readonly name: string;
    readonly does: string;
    readonly isOn: boolean;
    /** How often it struck in this run. */
    readonly strikes: number;
  }[];
  readonly outages: readonly { readonly name: string; readonly does: string }[];
  /** The outage that lasts, and the milliseconds that it still does, in whole seconds. */
  readonly outage?: { readonly name: string; readonly remaining: number };
  /** The latest burst, and how many of its leads were answered. */
  readonly burst?: { readonly leads: number; readonly answered: number };
}
