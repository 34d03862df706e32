/**
 * How long a burst of leads takes until the last one is visible in Slack, whose stand-in takes one message a second.
 * The floor: the messages needed, one a second, after the time of one lead through the empty pipeline.
 * Beside it the design before this one: one message a lead.
 * `--bursts 1,10,100` measures others than 1 to 10,000.
 */
import { parseArgs } from "node:util";
import { digestCapacity } from "../functions/notify/slack-digest.ts";
import { LeadAudit } from "../local/lead-audit.ts";
import { type Platform, startPlatform } from "../local/platform.ts";
import { percentile } from "../local/summary.ts";
import { benchStack } from "./shared/bench-stack.ts";
import { costTable, type LeadsUsage } from "./shared/cost.ts";
import { printTable } from "./shared/table.ts";
import { meterUsage } from "./shared/usage.ts";

const { values } = parseArgs({ options: { bursts: { type: "string", default: "1,10,100,1000,10000" } } });
const bursts = values.bursts.split(",").map(Number);
const singles = 15;
/** Milliseconds without any progress after which a lead counts as lost. */
const patience = 60_000;

using stack = await benchStack();

async function withPipeline<T>(use: (platform: Platform, account: LeadAudit) => Promise<T>): Promise<T> {
  const platform = await startPlatform({ stackDir: stack.stackDir });
  try {
    const account = new LeadAudit(platform);
    await platform.crm.sendLeads(2);
    await account.settled(patience);
    await quiet();
    return await use(platform, account);
  } finally {
    await platform.stop();
  }
}

/** Lets the stand-in's burst fill up again, so that every measurement starts alike. */
const quiet = () => new Promise((done) => setTimeout(done, 4000));

/** One lead at a time through the warm, empty pipeline, in milliseconds each, sorted. */
const { took: single, usage: singleUsage } = await withPipeline(async (platform, account) => {
  const took: number[] = [];
  const usage = meterUsage(platform);
  account.on("notified", ({ milliseconds }) => took.push(milliseconds ?? Number.NaN));
  for (let count = 0; count < singles; count += 1) {
    await platform.crm.sendLeads(1);
    await account.settled(patience);
    await new Promise((done) => setTimeout(done, 1100));
  }
  return { took: took.sort((a, b) => a - b), usage: { leads: singles, ...usage() } };
});
const one = percentile(single, 0.5) ?? Number.NaN;
printTable(
  "One lead through the warm, empty pipeline, from the accepted request to the message (ms)",
  ["leads", "p50", "max"],
  [[singles, one, single.at(-1) ?? Number.NaN]],
);

const rows: (string | number)[][] = [];
let burstUsage: LeadsUsage | undefined;
for (const leads of bursts) {
  rows.push(
    await withPipeline(async (platform, account) => {
      let limited = 0;
      const took: number[] = [];
      const before = platform.slack.messages.length;
      const usage = meterUsage(platform);
      platform.slack.on("answered", (status) => {
        if (status === 429) limited += 1;
      });
      const begun = Date.now();
      let visible = begun;
      account.on("notified", ({ milliseconds }) => {
        visible = Date.now();
        took.push(milliseconds ?? Number.NaN);
      });
      await platform.crm.sendLeads(leads);
      await account.settled(patience);
      const summary = account.summary("dev", leads + 2);
      if (leads === 1000) {
        await quiet();
        burstUsage = { leads, ...usage() };
      }
      took.sort((a, b) => a - b);
      const needed = Math.ceil(leads / digestCapacity);
      const floor = (needed - 1) * 1000 + one;
      const messages = platform.slack.messages.length - before;
      const seconds = (visible - begun) / 1000;
      return [
        leads,
        seconds,
        (percentile(took, 0.5) ?? 0) / 1000,
        (percentile(took, 0.99) ?? 0) / 1000,
        messages,
        limited,
        summary.email,
        summary.lost,
        summary.duplicates,
        floor / 1000,
        (seconds * 1000) / floor,
        `${(leads - 1 + one / 1000).toFixed(leads < 10 ? 1 : 0)} s`,
      ];
    }),
  );
}
printTable(
  "Bursts, all leads at once (s)",
  ["leads", "last", "p50", "p99", "messages", "429s", "email", "lost", "twice", "floor", "ratio", "one message a lead"],
  rows,
);
console.log("\n  One message a lead is computed: as many seconds as leads, less one, after the time of one lead.");
if (burstUsage) costTable(burstUsage, singleUsage);
