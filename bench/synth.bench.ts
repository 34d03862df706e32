/**
 * How long `npm run synth` takes for all four stacks, against a synthesis of one stack with a single bucket and the same
 * bundles. Each runs in a process of its own, in turn, after one run each to warm the file system.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, timed } from "./shared/measure.ts";
import { printTable } from "./shared/table.ts";

const runs = 7;
const outdir = mkdtempSync(join(tmpdir(), "leadwire-bench-"));
const synth = (file: string) => timed(file, { CDKTF_OUTDIR: join(outdir, "out") }).milliseconds;
try {
  const floors: number[] = [];
  const ours: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const floor = synth("bench/shared/floor-stack.ts");
    const own = synth("main.ts");
    if (run === 0) continue;
    floors.push(floor);
    ours.push(own);
  }
  printTable(
    `Synthesis, median of ${runs} (ms)`,
    ["four stacks", "floor: one bucket and the bundles", "ratio"],
    [[median(ours), median(floors), median(ours) / median(floors)]],
  );
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
