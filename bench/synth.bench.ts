/**
 * The time of `npm run synth` for all stacks. The floor is a synthesis of one stack with a single bucket and the same
 * bundles. Each run has a process of its own; the two take turns, after one run each to warm the file system.
 */
import { join } from "node:path";
import { median } from "es-toolkit";
import { tempFolder } from "../tests/helpers/temp-folder.ts";
import { timed } from "./shared/measure.ts";
import { printTable } from "./shared/print-table.ts";

const runs = 7;

export async function run(): Promise<void> {
  const env = { CDKTF_OUTDIR: join(tempFolder(), "out") };
  const synth = (file: string) => timed(file, env).milliseconds;
  const floors: number[] = [];
  const ours: number[] = [];
  for (let count = 0; count <= runs; count += 1) {
    const floor = synth("bench/shared/floor-stack.ts");
    const own = synth("main.ts");
    if (count === 0) continue;
    floors.push(floor);
    ours.push(own);
  }
  printTable(
    `Synthesis, median of ${runs} (ms)`,
    ["all stacks", "floor: one bucket and the bundles", "ratio"],
    [[median(ours), median(floors), median(ours) / median(floors)]],
  );
}
