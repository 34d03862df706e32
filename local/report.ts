import { textTable } from "../command-line/table.ts";
import { type ChannelName, channelNames, channels, isWebhookChannel } from "../functions/notify/channels/index.ts";
import type { Summary } from "./summary.ts";
import { styled } from "./terminal/text.ts";

const milliseconds = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : `${Math.round(value)} ms`;

/** How many resource types of the stack do nothing in the run, and where to read which. */
export const notSimulatedLine = (types: readonly string[]): string =>
  types.length === 0 ? "" : `${types.length} resource types do nothing here: packages/local-aws/README.md says which.`;

/** Where a browser shows the run. @param wanted the port that was asked for */
export function consoleLine(url: string, wanted: number): string {
  const { port } = new URL(url);
  const moved = wanted !== 0 && port !== String(wanted) ? ` (port ${wanted} is taken)` : "";
  return `${styled("bold", "Console")}  ${url}${moved}`;
}

export const denialLine = (denial: string): string => `  denied  ${denial}`;

/** Counts by name, such as `2 × 401, 1 × 404`. */
export const counted = (counts: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} × ${name}`)
    .join(", ") || "0";

/** A heading above rows of a name and a value. */
export function titledTable(title: string, rows: readonly (readonly [string, unknown])[]): string {
  const cells = rows.map(([name, value]) => [name, String(value)]);
  return ["", styled("bold", title), textTable(cells, 2), ""].join("\n");
}

function announcedRow(name: ChannelName, summary: Summary): [string, unknown] {
  const { title } = channels[name].declaration;
  if (!isWebhookChannel(name)) return [`first announced by ${title}`, summary[name]];
  return [`first announced in ${title}`, `${summary[name]} (${summary[`${name}Messages`] ?? 0} messages)`];
}

/** What became of the leads, as a table. */
export function summaryTable(summary: Summary): string {
  const { p50, p99, max } = summary.latencyMs;
  const rows: [string, unknown][] = [
    ["sent", summary.sent],
    ["refused, by status", counted(summary.refused)],
    ["accepted", summary.accepted],
    ["stored", summary.stored],
    ["enriched", summary.enriched],
    ...channelNames.map((name) => announcedRow(name, summary)),
    ["in a dead letter queue", summary.deadLettered],
    ["in progress", summary.inProgress],
    ["lost", summary.lost],
    ["announced twice", summary.duplicates],
    ["request to notification", `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)}`],
    ["denied calls", summary.deniedCalls],
    ["wall time", milliseconds(summary.wallMs)],
  ];
  return titledTable(`leadwire-${summary.env}`, rows);
}
