import type { Random } from "local-aws";
import { oneOf } from "../random.ts";
import { type FaultName, faultNames } from "./faults.ts";

/** A time in which a fault is on. */
export interface FaultWindow {
  readonly fault: FaultName;
  /** Milliseconds from the run's start. */
  readonly from: number;
  readonly until: number;
  /** Share of the calls that the fault hits, above 0 to 1. */
  readonly share: number;
}

/** Milliseconds for which a fault is on, and of the run for which each fault gets a window. */
const length = { least: 4000, most: 12_000 };
const everyMilliseconds = 60_000;

/**
 * Draws when each fault is on: every one of them at least once, none beyond the run's end, sorted by their start. Different
 * faults overlap as it happens; each window of the same one is in a part of the run of its own.
 */
export function faultSchedule(
  random: Random,
  milliseconds: number,
  names: readonly FaultName[] = faultNames,
): FaultWindow[] {
  const times = Math.max(1, Math.round(milliseconds / everyMilliseconds));
  return names
    .flatMap((fault) =>
      Array.from({ length: times }, (_, index) => {
        const part = milliseconds / times;
        const lasts = Math.min(length.least + random() * (length.most - length.least), part / 2);
        const from = Math.round(index * part + random() * (part - lasts));
        return { fault, from, until: Math.round(from + lasts), share: oneOf(random, [0.3, 0.7, 1]) };
      }),
    )
    .sort((a, b) => a.from - b.from);
}
