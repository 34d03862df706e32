/**
 * The simulated load beside the local run: how long a burst takes until its last lead is visible in Slack. The simulation gets
 * from the local run when the API took each lead. Its functions have a whole core, and as many invocations at once as the
 * machine has room for.
 */
import { benchStack } from "./shared/bench-stack.ts";
import { likeLocalRun, localBurst } from "./shared/local-burst.ts";
import { printTable } from "./shared/print-table.ts";

export async function run({ bursts }: { readonly bursts: readonly number[] }): Promise<void> {
  const stackDir = await benchStack();
  const rows: number[][] = [];
  for (const leads of bursts) {
    const local = await localBurst(leads, stackDir);
    const { secondsToDrain, slackMessages } = await likeLocalRun(local.arrivals);
    rows.push([leads, local.seconds, secondsToDrain, secondsToDrain / local.seconds, local.messages, slackMessages]);
  }
  printTable(
    "Time to drain of bursts (s) and Slack messages, local and simulated",
    ["leads", "local", "simulated", "ratio", "messages", "simulated"],
    rows,
  );
}
