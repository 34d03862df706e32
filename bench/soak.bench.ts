/**
 * Whether the pipeline can go on for ever: ten minutes of steady load, at four fifths of what Slack takes in full digests.
 * Memory and queues are compared with themselves: the last fifth of the time with the first, which begins when objects,
 * items and messages of the warm-up are being forgotten (lifecycle rules and expiry do that on AWS, after days).
 * `--minutes N` and `--rate PER_SECOND` measure another load.
 */
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { digestCapacity } from "../functions/notify/channels/slack/digest.ts";
import { Gauge } from "../local/faults/gauges.ts";
import { startPlatform } from "../local/platform.ts";
import { percentile } from "../local/summary.ts";
import { benchStack } from "./shared/bench-stack.ts";
import { LeadTally } from "./shared/lead-tally.ts";
import { printTable } from "./shared/table.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    rate: { type: "string", default: String(digestCapacity * 0.8) },
  },
});
const seconds = Number(values.minutes) * 60;
const rate = Number(values.rate);
/** Seconds after which the run forgets; the warm-up takes twice as long. */
const forgetAfterSeconds = 30;
const warmUpSeconds = 2 * forgetAfterSeconds;

using stack = await benchStack();
const platform = await startPlatform({ stackDir: stack.stackDir, forgetAfterSeconds });
try {
  const tally = new LeadTally(platform);
  const underWay = new Set<Promise<unknown>>();
  const load = async (duration: number) => {
    const begun = performance.now();
    for (let second = 0; second < duration; second += 1) {
      const sending = platform.crm.sendLeads(rate, rate);
      underWay.add(sending);
      void sending.finally(() => underWay.delete(sending));
      await pause(Math.max(0, begun + (second + 1) * 1000 - performance.now()));
    }
  };
  await load(warmUpSeconds);
  const gauge = new Gauge(platform);
  await load(seconds);
  const { rssMb, heapMb, depth } = gauge.stop();
  await Promise.all(underWay);
  for (let left = 30; tally.waiting > 0 && left > 0; left -= 1) await pause(1000);

  const sorted = tally.latencies.toSorted((a, b) => a - b);
  printTable(
    `Steady load of ${rate} leads a second for ${values.minutes} minutes`,
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
