import type { Transition } from "../packages/local-aws/src/monitoring/alarm-message.ts";
import type { Platform } from "./platform.ts";
import type { Notification, Summary } from "./summary.ts";

const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);
const milliseconds = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : `${Math.round(value)} ms`;

/** A line a notification, as it lands. */
export const notificationLine = ({ leadId, channel, milliseconds: elapsed }: Notification, company: unknown): string =>
  `  ${channel.padEnd(5)}  ${leadId}  ${milliseconds(elapsed).padStart(9)}  ${typeof company === "string" ? company : ""}`.trimEnd();

/** A line an alarm's change of state, as it happens. */
export const alarmLine = ({ alarm, from, to, reason }: Transition): string =>
  `  alarm  ${alarm.name}: ${from} -> ${to}. ${reason}`;

/** What the run leaves out, once, with the page that says why. */
export const notImitatedLine = (types: readonly string[]): string =>
  types.length === 0
    ? ""
    : `not imitated: ${types.map((type) => type.replace(/^aws_/, "")).join(", ")}; see docs/embedded-run.md`;

/** What the stack's policies did not allow, with a heading. */
export const deniedLines = (denials: readonly string[]): readonly string[] =>
  denials.length === 0 ? [] : [bold("Denied by the stack's policies"), ...denials.map((line) => `  ${line}`), ""];

/** The account of the run as a table. */
export function summaryTable(summary: Summary): string {
  const { p50, p99, max } = summary.latencyMs;
  const rows: [string, unknown][] = [
    ["sent", summary.sent],
    ["accepted", summary.accepted],
    ["stored", summary.stored],
    ["enriched", summary.enriched],
    ["announced in Slack", `${summary.slack} (${summary.slackMessages} messages)`],
    ["announced by email", summary.email],
    ["in a dead letter queue", summary.deadLettered],
    ["lost", summary.lost],
    ["announced twice", summary.duplicates],
    ["request to notification", `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)}`],
    ["wall time", milliseconds(summary.wallMs)],
  ];
  return [
    "",
    bold(`leadwire-${summary.env}`),
    ...rows.map(([name, value]) => `  ${name.padEnd(24)} ${value}`),
    "",
  ].join("\n");
}

const sample =
  '{"first_name":"Ada","last_name":"Lovelace","email":"ada@analytical-engines.example.com","company":"Analytical Engines","country":"GB"}';

/** Where everything is while the run stays, with lines to paste. */
export function addresses(platform: Platform, source: string): string {
  const { endpoint, desk, slack, mailboxUrl, logs } = platform;
  return [
    bold("Running; Ctrl-C ends it."),
    `  endpoint   ${endpoint}/${source}`,
    `  Slack      ${slack.url}/`,
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
