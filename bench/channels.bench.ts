/**
 * The time from the accepted request to Slack for the leads of one Slack channel, while the other channels are silent: they
 * take posts and never answer. Without a delay by the others it is the time of a single lead.
 */
import { setTimeout as pause } from "node:timers/promises";
import { LeadAudit } from "../local/lead-audit.ts";
import { startPlatform } from "../local/platform.ts";
import { LeadSource } from "../local/senders/leads.ts";
import { percentile } from "../local/summary.ts";
import { benchStack } from "./shared/bench-stack.ts";
import { printTable } from "./shared/print-table.ts";

/** Milliseconds from one lead of a channel to the next. Slack takes one message a second. */
const betweenLeads = 1500;
/** Milliseconds after the last lead for which the healthy channel's leads are waited for. */
const patience = 60_000;

export async function run({ leads }: { readonly leads: number }): Promise<void> {
  const rows = [];
  for (const channels of [1, 3, 4]) {
    for (const sesIsSilent of [false, true]) rows.push(await healthyChannel(channels, sesIsSilent, leads));
  }
  printTable(
    "The leads of the one healthy channel, from the accepted request to the message (ms)",
    ["channels", "silent", "SES", "leads", "p50", "max", "not announced"],
    rows,
  );
}

/** A row of the table. @param leads of each channel */
async function healthyChannel(count: number, sesIsSilent: boolean, leads: number): Promise<(string | number)[]> {
  const [healthy = "", ...silent] = Array.from({ length: count }, (_, index) => `channel-${index}`);
  let isOutage = false;
  const platform = await startPlatform({
    stackDir: await stackWith([healthy, ...silent]),
    intercept: ({ service, caller }) =>
      isOutage && sesIsSilent && service === "ses" && caller.kind === "role" ? new Promise(() => {}) : undefined,
  });
  try {
    const people = new LeadSource(1);
    const sendToAll = () => Promise.all([healthy, ...silent].map((name) => platform.crm.sendLead(name, people.next())));
    const audit = new LeadAudit(platform);
    await sendToAll();
    await audit.settled(patience);
    const took: number[] = [];
    audit.on("notified", ({ channel, milliseconds }) => {
      if (channel === "slack" && milliseconds !== undefined) took.push(milliseconds);
    });
    isOutage = true;
    platform.slack.failureOf = (destination) => (silent.includes(destination) ? "silent" : undefined);
    for (let sent = 0; sent < leads; sent += 1) {
      await Promise.all([sendToAll(), pause(betweenLeads)]);
    }
    for (let left = patience; took.length < leads && left > 0; left -= 100) await pause(100);
    took.sort((a, b) => a - b);
    const [p50, max] = [percentile(took, 0.5) ?? "", took.at(-1) ?? ""];
    return [count, silent.length, sesIsSilent ? "silent" : "up", leads, p50, max, leads - took.length];
  } finally {
    await platform.stop();
  }
}

/** A stack whose channels have a source of their own each. */
const stackWith = (channels: readonly string[]) =>
  benchStack((dev) => ({
    ...dev,
    sources: Object.fromEntries(channels.map((name) => [name, { format: "standard-webhooks" as const }])),
    slack: {
      ...dev.slack,
      defaultChannel: channels[0] ?? "",
      routes: channels.slice(1).map((name) => ({ channel: name, when: { sources: [name] } })),
    },
  }));
