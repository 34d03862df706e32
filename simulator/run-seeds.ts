import type { StageName } from "../flow.ts";
import { type PlanOptions, planOf } from "./plan.ts";
import type { Program } from "./program.ts";
import { type Result, type SimulationOptions, simulate } from "./simulate.ts";

/** Sums over many seeds. */
export interface Totals {
  seeds: number;
  accepted: number;
  announcements: number;
  marked: number;
  redriven: number;
  calls: number;
  /** Seeds with violations, and these. */
  readonly failures: { readonly seed: number; readonly violations: Result["violations"] }[];
}

export const noTotals = (): Totals => ({
  seeds: 0,
  accepted: 0,
  announcements: 0,
  marked: 0,
  redriven: 0,
  calls: 0,
  failures: [],
});

/** Adds the totals of one run to those of another. */
export function addTotals(to: Totals, from: Omit<Totals, "failures"> & Pick<Totals, "failures">): void {
  to.seeds += from.seeds;
  to.accepted += from.accepted;
  to.announcements += from.announcements;
  to.marked += from.marked;
  to.redriven += from.redriven;
  to.calls += from.calls;
  to.failures.push(...from.failures);
}

/** Runs the plans of seeds, one after the other. */
export async function runSeeds(
  seeds: Iterable<number>,
  programs: Readonly<Record<StageName, Program>>,
  options: PlanOptions & Pick<SimulationOptions, "sabotage"> = {},
): Promise<Totals> {
  const totals = noTotals();
  for (const seed of seeds) {
    const { sabotage } = options;
    const result = await simulate(planOf(seed, options), { programs, ...(sabotage && { sabotage }) });
    const failed = result.violations.length > 0;
    addTotals(totals, { ...result, seeds: 1, failures: failed ? [{ seed, violations: result.violations }] : [] });
  }
  return totals;
}

/** What happened in a seed, in order, a line for each event. Names and addresses of leads are not in it. */
export async function eventsOf(
  seed: number,
  programs: Readonly<Record<StageName, Program>>,
  options: PlanOptions = {},
): Promise<string[]> {
  const events: string[] = [];
  await simulate(planOf(seed, options), { programs, trace: (line) => events.push(line) });
  return events;
}
