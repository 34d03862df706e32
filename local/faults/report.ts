import { counted, titledTable } from "../report.ts";
import type { FaultSummary, RunResult } from "./run.ts";
import type { OutageSummary } from "./run-outage.ts";

const named = (names: readonly string[]) => (names.length === 0 ? "0" : `${names.length}: ${names.join(", ")}`);

/** What became of everything that was sent, as a table; what is not as it should be is named. */
export function faultTable(summary: FaultSummary): string {
  const { gauges, repeats } = summary;
  const growth = ({ start, end }: { start: number; end: number }) => `${start} → ${end}`;
  return titledTable(`leadwire-${summary.env} under faults, seed ${summary.seed}`, [
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
}

/** The same for an outage. */
export function outageTable(summary: OutageSummary): string {
  const { env, outage, minutes, seed, marked, wronglyMarked, wronglyUnmarked } = summary;
  return titledTable(`leadwire-${env} while ${outage} is down for ${minutes} minutes, seed ${seed}`, [
    ...resultRows(summary),
    ["leads that may be a repeat and say so", marked],
    ["leads that say so wrongly", named(wronglyMarked)],
    ["leads that wrongly do not", named(wronglyUnmarked)],
    ["messages postponed", summary.postponed],
    ["last announcement", `${summary.lastAnnouncedAfterSeconds} s after the end`],
    ["wall time", `${Math.round(summary.wallMs / 1000)} s`],
  ]);
}

const resultRows = (result: RunResult): [string, unknown][] => [
  ["leads accepted", `${result.accepted} of ${result.sent}`],
  ["requests refused, by status", counted(result.refused)],
  ["announced", result.announced],
  ["lost", named(result.lost)],
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
