/**
 * Simulates the pipeline under faults and crashes, seed by seed, in as many processes as the machine has cores. It fails if
 * a lead is lost, or repeated without a mark, or if anything else is wrong.
 */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { range } from "es-toolkit/math";
import { LeadwireError } from "../errors.ts";
import { planOf } from "../simulator/plan.ts";
import { compilePrograms } from "../simulator/program.ts";
import { addTotals, noTotals, type Totals } from "../simulator/run-seeds.ts";
import { simulate } from "../simulator/simulate.ts";
import { printTable } from "./shared/print-table.ts";

/** Some seeds failed. */
class SimulationFailedError extends LeadwireError {
  constructor(seeds: readonly number[]) {
    const shown = seeds.slice(0, 20).join(", ");
    super(
      "SimulationFailed",
      `Failed: ${seeds.length} seeds (${shown}). npm run bench -- crash --seed ${seeds[0]} shows the events of one.`,
    );
  }
}

/** Seeds that a process gets at once. */
const portion = 200;

/** @param seed the only one to run, with all its events */
export async function run({
  seeds,
  seed,
}: {
  readonly seeds: number;
  readonly seed: number | undefined;
}): Promise<void> {
  if (seed !== undefined) return replay(seed);
  const totals = await inProcesses(seeds);
  const { accepted, announcements, marked, redriven, calls, failures } = totals;
  const kinds = failures.flatMap(({ violations }) => violations.map(({ kind }) => kind));
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  printTable(
    "Simulated faults and crashes",
    ["seeds", "leads", "announcements", "marked", "redriven", "calls", "lost", "unmarked repeats", "seeds that fail"],
    [
      [
        seeds,
        accepted,
        announcements,
        marked,
        redriven,
        calls,
        count("lost"),
        count("unmarked repeat"),
        failures.length,
      ],
    ],
  );
  for (const { seed: failed, violations } of failures.slice(0, 20)) {
    for (const { kind, what } of violations) console.log(`seed ${failed}: ${kind}: ${what}`);
  }
  if (failures.length > 0) throw new SimulationFailedError(failures.map((one) => one.seed).sort((a, b) => a - b));
}

async function replay(seed: number): Promise<void> {
  const { violations } = await simulate(planOf(seed), { programs: await compilePrograms(), trace: console.log });
  if (violations.length > 0) throw new SimulationFailedError([seed]);
  console.log(`Seed ${seed}: every lead is accounted for.`);
}

async function inProcesses(seeds: number): Promise<Totals> {
  const totals = noTotals();
  const starts = range(1, seeds + 1, portion);
  const work = async () => {
    const worker = fork(new URL("./shared/crash-worker.ts", import.meta.url));
    for (let from = starts.shift(); from !== undefined; from = starts.shift()) {
      addTotals(totals, await answerOf(worker, { from, to: Math.min(seeds, from + portion - 1) }));
      process.stderr.write(`\r${totals.seeds} of ${seeds} seeds, ${totals.failures.length} failed `);
    }
    worker.disconnect();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  process.stderr.write("\n");
  return totals;
}

const answerOf = (worker: ChildProcess, seeds: { readonly from: number; readonly to: number }) =>
  new Promise<Totals>((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A process of the simulation ended with ${code}.`));
    worker.once("exit", onExit);
    worker.once("message", (totals) => {
      worker.off("exit", onExit);
      resolve(totals as Totals);
    });
    worker.send(seeds);
  });
