import { availableParallelism } from "node:os";
import { dev } from "../../environments/dev.ts";
import { environmentTuning } from "../../environments/environment.ts";
import { LeadAudit } from "../../local/lead-audit.ts";
import { startPlatform } from "../../local/platform.ts";
import { meterUsage } from "../../local/usage.ts";
import { type LoadResult, simulateLoad } from "../../simulator/load/simulate-load.ts";
import { awsTimes, scaledMilliseconds } from "../../simulator/load/times.ts";

/** Milliseconds without any progress after which a lead counts as lost. */
const patience = 60_000;

/**
 * Simulates a burst at the speed of a local run of dev: the functions have a whole core, and as many invocations at once as the
 * machine has room for.
 * @param arrivals milliseconds after the start at which the API took each lead
 */
export function likeLocalRun(arrivals: readonly number[]): Promise<LoadResult> {
  const times = {
    startMilliseconds: { ingest: 0, enrich: 0, notify: 0 },
    callMilliseconds: awsTimes.callMilliseconds / scaledMilliseconds(1, environmentTuning(dev).enrich.memoryMb),
    eventMilliseconds: 20,
  };
  const concurrency = Math.max(2, availableParallelism());
  return simulateLoad(dev, { burst: arrivals.length }, { times, arrivals, concurrency });
}

/** Sends a burst through a warm local run, and measures it. */
export async function localBurst(leads: number, stackDir: string) {
  const platform = await startPlatform({ stackDir });
  try {
    const audit = new LeadAudit(platform);
    await platform.crm.sendLeads(2);
    await audit.settled(patience);
    const before = platform.slack.messages.length;
    const used = meterUsage(platform);
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
    return { arrivals, seconds: (last - begun) / 1000, messages, calls: used().calls };
  } finally {
    await platform.stop();
  }
}
