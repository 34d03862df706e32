import { sum } from "es-toolkit";
import { counted, titledTable } from "../report.ts";
import type { FaultSummary, RunResult } from "./run.ts";
import type { OutageSummary } from "./run-outage.ts";

const named = (names: readonly string[]) => (names.length === 0 ? "0" : `${names.length}: ${names.join(", ")}`);

/** What became of everything that was sent, as a table; what is not as it should be is named. */
export function faultTable(summary: FaultSummary): string {
  const { gauges, repeats } = summary;
  const growth = ({ start, end }: { start: number; end: number }) => `${start} → ${end}`;
  const table = titledTable(`leadwire-${summary.env} under faults, seed ${summary.seed}`, [
    ["faults struck", counted(summary.strikes)],
    ["Slack messages", summary.slackMessages],
    ...resultRows(summary),
    ["repeats that say so", repeats.marked],
    ["memory, first to last fifth", `${growth(gauges.rssMb)} MB, of that heap ${growth(gauges.heapMb)} MB`],
    ...Object.entries(gauges.depth).map(([queue, depth]): [string, unknown] => [
      `queue ${queue}`,
      `${growth(depth)} messages, at most ${depth.most}`,
    ]),
    ["wall time", `${Math.round(summary.wallMs / 1000)} s`],
  ]);
  const kinds = Object.keys(summary.strikes).length;
  return (
    table + conclusion(`${kinds} kinds of faults, which struck ${sum(Object.values(summary.strikes))} times`, summary)
  );
}

/** The same for an outage. */
export function outageTable(summary: OutageSummary): string {
  const { env, outage, minutes, seed, marked, wronglyMarked, wronglyUnmarked } = summary;
  const table = titledTable(`leadwire-${env} while ${outage} is down for ${minutes} minutes, seed ${seed}`, [
    ...resultRows(summary),
    ["leads that may be a repeat and say so", marked],
    ["leads that say so wrongly", named(wronglyMarked)],
    ["leads that wrongly do not", named(wronglyUnmarked)],
    ["messages postponed", summary.postponed],
    ["last announcement", `${summary.lastAnnouncedAfterSeconds} s after the end`],
    ["wall time", `${Math.round(summary.wallMs / 1000)} s`],
  ]);
  return table + conclusion(`${outage} was down for ${minutes} minutes`, summary);
}

/** What happened, in sentences: what was injected, what it caused, what was lost, and where to look. */
function conclusion(injected: string, summary: RunResult & { readonly logPath: string }): string {
  const { accepted, announced, lost, inProgress, redriven, replayed, repeats, logPath } = summary;
  const letters = sum(Object.values(summary.deadLettered));
  const caused = [
    [repeats.marked, "announcements that may be repeats, and say so"],
    [repeats.unmarked.length, "repeats that do not say so"],
    [replayed, "leads that were found and replayed"],
    [redriven, "dead letters that had to be sent back by hand"],
    [letters, "leads in a dead letter queue"],
  ] as const;
  const effects = caused.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  const ended = inProgress > 0 ? ` You ended the run while ${inProgress} were under way.` : "";
  return [
    `Injected  ${injected}.`,
    `Caused    ${effects.join(", ") || "nothing that a reader would see"}.`,
    `Lost      ${lost.length === 0 ? "nothing" : `${lost.length} leads, named above`}: ${announced} of ${accepted} leads are announced.${ended}`,
    `Look at   npm run logs (${logPath}) and npm run query -- --local.`,
    "",
  ].join("\n");
}

const resultRows = (result: RunResult): [string, unknown][] => [
  ["leads accepted", `${result.accepted} of ${result.sent}`],
  ["requests refused, by status", counted(result.refused)],
  ["announced", result.announced],
  ["lost", named(result.lost)],
  ["under way when the run was ended", result.inProgress],
  ["left in a dead letter queue", counted(result.deadLettered)],
  ["denied calls", named(result.denials)],
  ["found and replayed", result.replayed],
  ["redriven", result.redriven],
  ["repeats that do not say so", named(result.repeats.unmarked)],
  ["announced leads with an outcome", result.outcomes.announced],
  ["outcomes of announcements that nobody saw", named(result.outcomes.wrong)],
  ["invalid leads", result.invalidLeads],
  ["invalid leads without a dead letter", named(result.missingDeadLetters)],
];
