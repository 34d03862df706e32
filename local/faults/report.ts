import { counted, titledTable } from "../report.ts";
import type { FaultSummary } from "./run.ts";

const named = (names: readonly string[]) => (names.length === 0 ? "0" : `${names.length}: ${names.join(", ")}`);

/** What became of everything that was sent, as a table; what is not as it should be is named. */
export function faultTable(summary: FaultSummary): string {
  const { gauges, repeats } = summary;
  const growth = ({ start, end }: { start: number; end: number }) => `${start} → ${end}`;
  return titledTable(`leadwire-${summary.env} under faults, seed ${summary.seed}`, [
    ["faults struck", counted(summary.strikes)],
    ["leads accepted", `${summary.accepted} of ${summary.sent}`],
    ["requests refused, by status", counted(summary.refused)],
    ["announced", `${summary.announced} (${summary.slackMessages} Slack messages)`],
    ["lost", named(summary.lost)],
    ["left in a dead letter queue", counted(summary.deadLettered)],
    ["denied calls", named(summary.denials)],
    ["redriven", summary.redriven],
    ["repeats that say so", repeats.marked],
    ["repeats that do not", named(repeats.unmarked)],
    ["invalid leads", summary.invalidLeads],
    ["invalid leads without a dead letter", named(summary.missingDeadLetters)],
    ["memory, first to last fifth", `${growth(gauges.rssMb)} MB, of that heap ${growth(gauges.heapMb)} MB`],
    ...Object.entries(gauges.depth).map(([queue, depth]): [string, unknown] => [
      `queue ${queue}`,
      `${growth(depth)} messages, at most ${depth.most}`,
    ]),
    ["wall time", `${Math.round(summary.wallMs / 1000)} s`],
  ]);
}
