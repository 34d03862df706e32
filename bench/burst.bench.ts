/**
 * The time until the last lead of a burst is visible in the simulated Slack, which takes one message a second. The floor is
 * the messages needed, one a second, after the time of one lead through the empty pipeline.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { LeadsUsage } from "../cost/per-lead.ts";
import { slackDeclaration } from "../functions/notify/channels/slack/declaration.ts";
import { LeadAudit } from "../local/lead-audit.ts";
import { type Platform, startPlatform } from "../local/platform.ts";
import { percentile } from "../local/summary.ts";
import { meterUsage } from "../local/usage.ts";
import { benchStack } from "./shared/bench-stack.ts";
import { costTable } from "./shared/cost-table.ts";
import { printTable } from "./shared/print-table.ts";

const singles = 15;
/** The burst whose use of AWS is counted. Up to this size a burst is sent again, when V8 has compiled its code. */
const countedBurst = 1000;
/** Milliseconds without any progress after which a lead counts as lost. */
const patience = 60_000;

/** Lets the burst capacity of the simulated Slack fill up again, so that every measurement starts alike. */
const quiet = () => pause(4000);

export async function run({ bursts }: { readonly bursts: readonly number[] }): Promise<void> {
  const stackDir = await benchStack();
  const single = await singleLeads(stackDir);
  printTable(
    "One lead through the warm, empty pipeline, from the accepted request to the message (ms)",
    ["leads", "p50", "max"],
    [[singles, single.median, single.longest]],
  );
  const rows: (string | number)[][] = [];
  let usage: LeadsUsage | undefined;
  for (const leads of bursts) {
    const burst = await burstOf(leads, single.median, stackDir);
    rows.push(burst.row);
    if (leads === countedBurst) usage = burst.usage;
  }
  printTable(
    "Bursts, all leads at once (s); again: the last lead of the same burst, sent once more",
    ["leads", "last", "p50", "p99", "messages", "429s", "email", "lost", "twice", "floor", "ratio", "again"],
    rows,
  );
  if (usage) costTable(usage, single.usage);
}

/** Runs a warm pipeline for as long as `use` takes. */
async function withPipeline<T>(
  stackDir: string,
  use: (platform: Platform, account: LeadAudit) => Promise<T>,
): Promise<T> {
  const platform = await startPlatform({ stackDir });
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

/** One lead at a time through the empty pipeline, in milliseconds. */
const singleLeads = (stackDir: string) =>
  withPipeline(stackDir, async (platform, account) => {
    const took: number[] = [];
    const usage = meterUsage(platform);
    account.on("notified", ({ milliseconds }) => took.push(milliseconds ?? Number.NaN));
    for (let count = 0; count < singles; count += 1) {
      await platform.crm.sendLeads(1);
      await account.settled(patience);
      await pause(1100);
    }
    took.sort((a, b) => a - b);
    return {
      median: percentile(took, 0.5) ?? Number.NaN,
      longest: took.at(-1) ?? Number.NaN,
      usage: { leads: singles, ...usage() },
    };
  });

/** A burst as a row of the table, and what it used of AWS. */
const burstOf = (leads: number, single: number, stackDir: string) =>
  withPipeline(stackDir, async (platform, account) => {
    let limited = 0;
    const before = platform.slack.messages.length;
    const usage = meterUsage(platform);
    platform.slack.on("answered", (status) => {
      if (status === 429) limited += 1;
    });
    const { seconds, p50, p99 } = await sendBurst(leads, platform, account);
    const { email, lost, duplicates } = account.summary("dev");
    await quiet();
    const floor = (Math.ceil(leads / slackDeclaration.capacity) - 1) * 1000 + single;
    const messages = platform.slack.messages.length - before;
    const row = [
      leads,
      seconds,
      p50,
      p99,
      messages,
      limited,
      email,
      lost,
      duplicates,
      floor / 1000,
      (seconds * 1000) / floor,
    ];
    const used = usage();
    const again = leads <= countedBurst ? (await sendBurst(leads, platform, account)).seconds : "–";
    return { row: [...row, again], usage: { leads, ...used } };
  });

/** Sends a burst. @returns seconds until the last lead is visible, and of the median and the slowest hundredth from request to message */
async function sendBurst(leads: number, platform: Platform, account: LeadAudit) {
  const took: number[] = [];
  const begun = Date.now();
  let visible = begun;
  const notice = ({ milliseconds }: { readonly milliseconds?: number | undefined }) => {
    visible = Date.now();
    took.push(milliseconds ?? Number.NaN);
  };
  account.on("notified", notice);
  await platform.crm.sendLeads(leads);
  await account.settled(patience);
  account.off("notified", notice);
  took.sort((a, b) => a - b);
  const inSeconds = (share: number) => (percentile(took, share) ?? 0) / 1000;
  return { seconds: (visible - begun) / 1000, p50: inSeconds(0.5), p99: inSeconds(0.99) };
}
