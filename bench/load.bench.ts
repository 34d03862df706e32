/**
 * The simulated load beside the local run: how long a burst takes until its last lead is visible in Slack. The simulation gets
 * from the local run when the API took each lead. Its functions have a whole core, and as many invocations at once as the
 * machine has room for.
 */
import { availableParallelism } from "node:os";
import { dev } from "../environments/dev.ts";
import { environmentTuning } from "../environments/environment.ts";
import { LeadAudit } from "../local/lead-audit.ts";
import { startPlatform } from "../local/platform.ts";
import { simulateLoad } from "../simulator/load/simulate-load.ts";
import { awsTimes, scaledMilliseconds } from "../simulator/load/times.ts";
import { benchStack } from "./shared/bench-stack.ts";
import { printTable } from "./shared/print-table.ts";

/** Milliseconds without any progress after which a lead counts as lost. */
const patience = 60_000;

export async function run({ bursts }: { readonly bursts: readonly number[] }): Promise<void> {
  const stackDir = await benchStack();
  const rows: number[][] = [];
  for (const leads of bursts) {
    const local = await localBurst(leads, stackDir);
    const times = {
      startMilliseconds: { ingest: 0, enrich: 0, notify: 0 },
      callMilliseconds: awsTimes.callMilliseconds / scaledMilliseconds(1, environmentTuning(dev).enrich.memoryMb),
      eventMilliseconds: 20,
    };
    const concurrency = Math.max(2, availableParallelism());
    const { arrivals } = local;
    const { secondsToDrain, slackMessages } = await simulateLoad(
      dev,
      { burst: leads },
      { times, arrivals, concurrency },
    );
    rows.push([leads, local.seconds, secondsToDrain, secondsToDrain / local.seconds, local.messages, slackMessages]);
  }
  printTable(
    "Time to drain of bursts (s) and Slack messages, local and simulated",
    ["leads", "local", "simulated", "ratio", "messages", "simulated"],
    rows,
  );
}

/** Sends a burst through a warm local run, and measures it. */
async function localBurst(leads: number, stackDir: string) {
  const platform = await startPlatform({ stackDir });
  try {
    const audit = new LeadAudit(platform);
    await platform.crm.sendLeads(2);
    await audit.settled(patience);
    const before = platform.slack.messages.length;
    const begun = Date.now();
    const arrivals: number[] = [];
    let last = begun;
    platform.api.on("answered", ({ request, answer }) => {
      if (answer.status === 202) arrivals.push(request.receivedAt.getTime() - begun);
    });
    audit.on("notified", () => (last = Date.now()));
    await platform.crm.sendLeads(leads);
    await audit.settled(patience);
    const messages = platform.slack.messages.length - before;
    return { arrivals, seconds: (last - begun) / 1000, messages };
  } finally {
    await platform.stop();
  }
}
