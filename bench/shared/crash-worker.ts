/** Simulates the seeds that the parent names, and answers with the totals. It runs in a process of its own. */
import { range } from "es-toolkit/math";
import { compilePrograms } from "../../simulator/program.ts";
import { runSeeds } from "../../simulator/run-seeds.ts";

const programs = compilePrograms();

process.on("message", async ({ from, to }: { readonly from: number; readonly to: number }) => {
  process.send?.(await runSeeds(range(from, to + 1), await programs));
});
