/**
 * The time and the memory of `npm run ops -- review` for a plan of 2,000 resources: the recorded plans of the tests, over and
 * over, each change under an address of its own. The recorded plan with a changed setting is measured apart, because its time
 * is that of the simulations before and after. The floor is a plan without resources. Each run has a process of its own; the
 * plans take turns, after one run each to warm the file system.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "es-toolkit";
import packageJson from "../package.json" with { type: "json" };
import { tempFolder } from "../tests/helpers/temp-folder.ts";
import { printTable } from "./shared/print-table.ts";

const runs = 7;
const resources = 2000;
const folderOfPlans = "tests/ops/review/plans";
const simulated = join(folderOfPlans, "setting-changed.json");

type Change = Readonly<Record<string, unknown>>;
type Plan = Readonly<Record<string, unknown>> & { readonly resource_changes: readonly Change[] };

/** A plan with so many resources. */
function planOf(count: number): Plan {
  const files = globSync(`${folderOfPlans}/*.json`, { exclude: [simulated] }).sort();
  const plans: readonly Plan[] = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
  const changes = plans.flatMap((plan) => plan.resource_changes);
  const resource_changes = Array.from({ length: count }, (_, index) => {
    const change = changes[index % changes.length];
    return { ...change, address: `${change?.address}_${index}`, name: `${change?.name}_${index}` };
  });
  return { format_version: "1.2", terraform_version: "1.11.4", resource_changes };
}

/** Writes to its file descriptor 3 how much memory the process had at most. */
const reportMemory =
  'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,String(process.resourceUsage().maxRSS)))';

/** Runs the command as npm does. @throws Error when it made no review */
function reviewed(plan: string) {
  const [, ...args] = packageJson.scripts.ops.split(" ");
  const begun = performance.now();
  const { status, stderr, output } = spawnSync(
    process.execPath,
    ["--import", reportMemory, ...args, "review", plan, "--env", "prod"],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe", "pipe"] },
  );
  const milliseconds = performance.now() - begun;
  if (![0, 10, 20].includes(status ?? -1)) throw new Error(`The review of ${plan} ended with ${status}: ${stderr}`);
  return { milliseconds, megabytes: Number(output[3]) / 1024 };
}

export async function run(): Promise<void> {
  const folder = tempFolder();
  const generated = (count: number) => {
    const file = join(folder, `plan-${count}.json`);
    writeFileSync(file, JSON.stringify(planOf(count)));
    return file;
  };
  const kinds = [
    { title: `${resources} resources`, file: generated(resources) },
    { title: "a changed setting, simulated", file: simulated },
    { title: "floor: no resources", file: generated(0) },
  ].map((kind) => ({ ...kind, results: [] as ReturnType<typeof reviewed>[] }));
  for (let round = 0; round <= runs; round += 1) {
    for (const { file, results } of kinds) {
      const result = reviewed(file);
      if (round > 0) results.push(result);
    }
  }
  const rows = kinds.map(({ title, file, results }) => [
    title,
    statSync(file).size / 1e6,
    median(results.map(({ milliseconds }) => milliseconds)),
    Math.max(...results.map(({ megabytes }) => megabytes)),
  ]);
  printTable(`Review of a plan, ${runs} runs`, ["plan", "size (MB)", "median (ms)", "peak memory (MB)"], rows);
}
