/** Simulates the seeds that the parent names, and answers with the results. It runs in a process of its own. */
import { planOf } from "../../simulator/plan.ts";
import { compilePrograms, leadIndex } from "../../simulator/program.ts";
import { type Result, simulate } from "../../simulator/simulate.ts";

const compiled = compilePrograms(leadIndex);

process.on("message", async ({ from, to }: { readonly from: number; readonly to: number }) => {
  const programs = await compiled;
  const results: Result[] = [];
  for (let seed = from; seed <= to; seed += 1) results.push(await simulate(planOf(seed), { programs }));
  process.send?.(results);
});
