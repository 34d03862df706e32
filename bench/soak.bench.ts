/**
 * Memory and queues under a steady load: the last fifth of the time is compared with the first. The first begins when
 * objects, items and messages of the warm-up expire; on AWS, lifecycle rules and expiry do that after days.
 */

import { interruption } from "../command-line/interruption.ts";
import { aborted, pauseUnless } from "../local/aborted.ts";
import { startGauges } from "../local/faults/gauges.ts";
import { followLoad } from "../local/faults/progress.ts";
import { startPlatform } from "../local/platform.ts";
import { percentile } from "../local/summary.ts";
import { Screen } from "../local/terminal/screen.ts";
import { benchStack } from "./shared/bench-stack.ts";
import { LeadTally } from "./shared/lead-tally.ts";
import { printTable } from "./shared/print-table.ts";

/** Seconds after which the run forgets; the warm-up takes twice as long. */
const forgetAfterSeconds = 30;
const warmUpSeconds = 2 * forgetAfterSeconds;

/** At Ctrl-C it measures no longer, and prints what it has. */
export async function run({ minutes, rate }: { readonly minutes: number; readonly rate: number }): Promise<void> {
  const interrupted = interruption();
  const screen = new Screen(process.stdout);
  const platform = await startPlatform({ stackDir: await benchStack(), forgetAfterSeconds });
  try {
    const tally = new LeadTally(platform);
    const underWay = new Set<Promise<unknown>>();
    const load = async (duration: number) => {
      const begun = performance.now();
      for (let second = 0; second < duration && !interrupted.aborted; second += 1) {
        const sending = platform.crm.sendLeads(rate, rate);
        underWay.add(sending);
        void sending.finally(() => underWay.delete(sending));
        await pauseUnless(interrupted, Math.max(0, begun + (second + 1) * 1000 - performance.now()));
      }
    };
    const measured = warmUpSeconds + minutes * 60;
    const stopProgress = followLoad(platform, (line) => screen.show(line), {
      leads: Math.round(rate * measured),
      milliseconds: measured * 1000,
    });
    await load(warmUpSeconds);
    const stopGauges = startGauges(platform);
    await load(minutes * 60);
    const { rssMb, heapMb, depth } = stopGauges();
    stopProgress();
    await Promise.race([Promise.all(underWay), aborted(interrupted)]);
    for (let left = 30; tally.waiting > 0 && left > 0; left -= 1) await pauseUnless(interrupted, 1000);

    const sorted = tally.latencies.toSorted((a, b) => a - b);
    printTable(
      `Steady load of ${rate} leads a second for ${minutes} minutes`,
      ["leads", "p50 (ms)", "p99 (ms)", "not announced", "twice"],
      [[tally.accepted, percentile(sorted, 0.5) ?? 0, percentile(sorted, 0.99) ?? 0, tally.waiting, tally.repeats]],
    );
    printTable(
      "What it holds: median of the first and of the last fifth",
      ["", "first", "last", "ratio", "most"],
      [
        ["memory of the process (MB)", rssMb.start, rssMb.end, rssMb.end / rssMb.start, ""],
        ["of that JavaScript's heap (MB)", heapMb.start, heapMb.end, heapMb.end / heapMb.start, ""],
        ...Object.entries(depth).map(([queue, { start, end, most }]) => [
          `messages in ${queue}`,
          start,
          end,
          start === 0 ? "" : end / start,
          most,
        ]),
      ],
    );
  } finally {
    await platform.stop();
  }
}
