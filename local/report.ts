import { styleText } from "node:util";
import type { Transition } from "local-aws";
import { textTable } from "../command-line/table.ts";
import { type ChannelName, channelNames, channels, isWebhookChannel } from "../functions/notify/channels/index.ts";
import type { Answer } from "./crm.ts";
import type { Platform } from "./platform.ts";
import { sampleLead } from "./senders/sample-lead.ts";
import type { Notification, Summary } from "./summary.ts";

const bold = (text: string) => styleText("bold", text, { stream: process.stdout });
const milliseconds = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : `${Math.round(value)} ms`;

/** A line for each announcement, as it arrives. */
export const notificationLine = ({ leadId, channel, milliseconds: elapsed }: Notification, company: unknown): string =>
  `  ${channel.padEnd(5)}  ${leadId}  ${milliseconds(elapsed).padStart(9)}  ${typeof company === "string" ? company : ""}`.trimEnd();

export const alarmLine = ({ alarm, from, to, reason }: Transition): string =>
  `  alarm  ${alarm.name}: ${from} -> ${to}. ${reason}`;

/** The resource types that do nothing in the run, and where to read why. */
export const notSimulatedLine = (types: readonly string[]): string =>
  types.length === 0
    ? ""
    : `not simulated: ${types.map((type) => type.replace(/^aws_/, "")).join(", ")}; see packages/local-aws/README.md`;

export const refusalLine = (what: "refused" | "retrying", { source, status, body }: Answer): string =>
  `  ${what}  ${source}  ${status || "no answer"}  ${body.slice(0, 200)}`.trimEnd();

/** Where a browser shows the run. @param wanted the port that was asked for */
export function consoleLine(url: string, wanted: number): string {
  const { port } = new URL(url);
  const moved = wanted !== 0 && port !== String(wanted) ? ` (port ${wanted} is taken)` : "";
  return `${bold("Console")}  ${url}${moved}`;
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
  return ["", bold(title), textTable(cells, 2), ""].join("\n");
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

const sample = JSON.stringify(sampleLead);

/** Where everything can be reached while the run goes on, with lines to paste. */
export function addresses(platform: Platform, source: string): string {
  const { endpoint, desk, chats, mailboxUrl, logs } = platform;
  const pages = Object.entries(chats).map(([name, { url }]) => [channels[name as ChannelName].declaration.title, url]);
  return [
    bold("Running; Ctrl-C ends it."),
    `  endpoint   ${endpoint}/${source}`,
    ...pages.map(([title = "", url]) => `  ${title.padEnd(9)}  ${url}/`),
    `  mailbox    ${mailboxUrl}/`,
    `  logs       ${logs.path}`,
    "",
    "  Send a lead (this address signs it as the CRM does and passes it to the endpoint):",
    `    curl -s ${desk.url}/crm/${source} -d '${sample}'`,
    "  Drop a file into the bucket's root:",
    `    echo '${sample}' | curl -s -T - '${desk.url}/bucket/my%20lead.json'`,
    "",
  ].join("\n");
}
