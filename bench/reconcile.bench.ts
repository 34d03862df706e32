/**
 * CPU time and peak memory of the two comparisons of reconciliation, each run in a process of its own, by the number of leads.
 * The floor reads the same pages of the same listings and compares nothing. Every lead is in the compared window, so `announced`
 * reads each one; a run of an hour reads those of that hour.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { sum } from "es-toolkit/math";
import { leadCost } from "../cost/per-lead.ts";
import { timed } from "./shared/measure.ts";
import { printTable } from "./shared/print-table.ts";

interface Run {
  readonly found: number;
  readonly seconds: number;
  readonly megabytes: number;
  /** Requests by `service:operation`, as AWS bills them. */
  readonly calls: Readonly<Record<string, number>>;
}

const comparisons = ["announced", "enriched"] as const;

async function runsOf(leads: number): Promise<readonly (Run & { readonly floor: Run })[]> {
  const server = fork(new URL("./shared/reconcile-server.ts", import.meta.url), [String(leads)]);
  const [port] = await once(server, "message");
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
  };
  const run = (job: string) => JSON.parse(timed("bench/shared/reconcile-worker.ts", env, [job]).stdout) as Run;
  const runs = comparisons.map((name) => ({ ...run(name), floor: run(`${name}-floor`) }));
  server.kill();
  return runs;
}

/** Dollars that AWS bills for a comparison, for a million leads. The function has 512 MB, and is as fast as this machine. */
function dollarsOf({ calls, seconds }: Run, leads: number): number {
  const usage = { leads, calls: new Map(Object.entries(calls)), invocations: 1, gbSeconds: seconds / 2, logBytes: 0 };
  const { "API Gateway": _byRequest, ...dollars } = leadCost(usage);
  return sum(Object.values(dollars)) * 1e6;
}

export async function run({ leads }: { readonly leads: readonly number[] }): Promise<void> {
  const rows: (string | number)[][] = [];
  const bills: (string | number)[][] = [];
  let smaller: readonly Run[] = [];
  for (const count of leads) {
    const runs = await runsOf(count);
    for (const [index, one] of runs.entries()) {
      const { found, seconds, megabytes, calls, floor } = one;
      const name = comparisons[index] ?? "";
      const { seconds: before, megabytes: memoryBefore } = smaller[index] ?? {};
      const growth = (now: number, then?: number) => (then === undefined ? "" : `${(now / then).toFixed(2)} times`);
      rows.push([
        ...[name, count, found, seconds, floor.seconds, seconds / floor.seconds],
        ...[growth(seconds, before), megabytes, floor.megabytes, growth(megabytes, memoryBefore)],
      ]);
      const requests = Object.entries(calls).map(([call, times]) => `${times} ${call}`);
      bills.push([name, count, requests.join(", "), dollarsOf(one, count)]);
    }
    smaller = runs;
  }
  printTable(
    "Reconciliation: CPU time and peak memory, start of the process included",
    [
      ...["comparison", "leads", "missing", "CPU s", "floor: only lists", "ratio"],
      ...["growth", "peak MB", "floor MB", "growth of memory"],
    ],
    rows,
  );
  printTable(
    "What AWS bills for one comparison",
    ["comparison", "leads", "requests", "US$ for a million leads"],
    bills,
  );
}
