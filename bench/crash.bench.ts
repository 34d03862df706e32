/**
 * Simulates the pipeline under faults and crashes, seed by seed, in as many processes as the machine has cores. It fails if
 * a lead is lost, or repeated without a mark, or wrong in the lead index, or if anything else is wrong.
 */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { countBy } from "es-toolkit/array";
import { range, sumBy } from "es-toolkit/math";
import { LeadwireError } from "../errors.ts";
import { planOf } from "../simulator/plan.ts";
import { compilePrograms, leadIndex } from "../simulator/program.ts";
import { type Result, simulate } from "../simulator/simulate.ts";
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
  const results = await inProcesses(seeds);
  const failed = results.filter(({ violations }) => violations.length > 0);
  const kinds = countBy(
    failed.flatMap(({ violations }) => violations),
    ({ kind }) => kind,
  );
  const sums = (["accepted", "announcements", "marked", "redriven", "calls"] as const).map((name) =>
    sumBy(results, (one) => one[name]),
  );
  printTable(
    "Simulated faults and crashes",
    ["seeds", "leads", "announcements", "marked", "redriven", "calls", "lost", "unmarked repeats", "seeds that fail"],
    [[seeds, ...sums, kinds.lost ?? 0, kinds["unmarked repeat"] ?? 0, failed.length]],
  );
  for (const { seed: number, violations } of failed.slice(0, 20)) {
    for (const { kind, what } of violations) console.log(`seed ${number}: ${kind}: ${what}`);
  }
  if (failed.length > 0) throw new SimulationFailedError(failed.map((one) => one.seed));
}

async function replay(seed: number): Promise<void> {
  const { violations } = await simulate(planOf(seed), {
    programs: await compilePrograms(leadIndex),
    trace: console.log,
  });
  if (violations.length > 0) throw new SimulationFailedError([seed]);
  console.log(`Seed ${seed}: every lead is accounted for.`);
}

/** The results of all seeds, in the order in which the processes answer. */
async function inProcesses(seeds: number): Promise<Result[]> {
  const results: Result[] = [];
  const starts = range(1, seeds + 1, portion);
  const work = async () => {
    const worker = fork(new URL("./shared/crash-worker.ts", import.meta.url));
    for (let from = starts.shift(); from !== undefined; from = starts.shift()) {
      results.push(...(await answerOf(worker, { from, to: Math.min(seeds, from + portion - 1) })));
      const failed = results.filter(({ violations }) => violations.length > 0);
      process.stderr.write(`\r${results.length} of ${seeds} seeds, ${failed.length} failed `);
    }
    worker.disconnect();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  process.stderr.write("\n");
  return results;
}

const answerOf = (worker: ChildProcess, seeds: { readonly from: number; readonly to: number }) =>
  new Promise<Result[]>((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A process of the simulation ended with ${code}.`));
    worker.once("exit", onExit);
    worker.once("message", (results) => {
      worker.off("exit", onExit);
      resolve(results as Result[]);
    });
    worker.send(seeds);
  });
