import { sum } from "es-toolkit/math";
import { mapValues } from "es-toolkit/object";
import { textTable } from "../../command-line/table.ts";
import { type FixedCost, monthly } from "../../cost/fixed.ts";
import { leadCost } from "../../cost/per-lead.ts";
import type { LoadResult } from "../../simulator/load/simulate-load.ts";

/** What was simulated with some settings. */
interface Column {
  /** The changed settings, as they were given; empty for the environment as it is. */
  readonly set: string;
  readonly result: LoadResult;
  readonly brokenRules: readonly string[];
}

export interface Simulation {
  readonly environment: string;
  readonly load: string;
  /** Leads of a month, for the cost of a month. */
  readonly leadsAMonth: number;
  readonly fixed: readonly FixedCost[];
  readonly columns: readonly Column[];
}

/** Rows of the first table: what they are called, and where they come from. */
const figures: readonly (readonly [string, (result: LoadResult) => number])[] = [
  ["leads", ({ leads }) => leads],
  ["answered 503 at first", ({ unavailable }) => unavailable],
  ["p50 (s)", ({ p50Seconds }) => p50Seconds],
  ["p95 (s)", ({ p95Seconds }) => p95Seconds],
  ["p99 (s)", ({ p99Seconds }) => p99Seconds],
  ["time to drain (s)", ({ secondsToDrain }) => secondsToDrain],
  ["Slack messages", ({ slackMessages }) => slackMessages],
  ["emails", ({ emails }) => emails],
  ["receives used, at most", ({ receivesUsed }) => receivesUsed],
  ["dead letters", ({ deadLetters }) => deadLetters],
  ["not announced", ({ unannounced }) => unannounced],
];

const dollars = (amount: number) => amount.toFixed(amount < 1 ? 4 : 2);

/** Dollars by service. */
interface Costs {
  readonly fixedAMonth: Readonly<Record<string, number>>;
  readonly forThousandLeads: Readonly<Record<string, number>>;
  readonly aMonth: number;
}

function costsOf({ usage }: LoadResult, { fixed, leadsAMonth }: Simulation): Costs {
  const perLead = leadCost(usage);
  const fixedAMonth = monthly(fixed, perLead, 0);
  const forThousandLeads = mapValues(perLead, (dollars) => dollars * 1000);
  const aMonth = sum(Object.values(monthly(fixed, perLead, leadsAMonth)));
  return { fixedAMonth, forThousandLeads, aMonth };
}

/** The simulation for people. */
export function textReport(simulation: Simulation): string {
  const { environment, load, leadsAMonth, columns } = simulation;
  const costs = columns.map(({ result }) => costsOf(result, simulation));
  const names = columns.map((_, index) => (index === 0 ? "as it is" : `set ${index}`));
  const [first] = costs;
  const services = Object.keys(first?.fixedAMonth ?? {}).filter((name) =>
    costs.some(({ fixedAMonth, forThousandLeads }) => (fixedAMonth[name] ?? 0) + (forThousandLeads[name] ?? 0) > 0),
  );
  const row = (name: string) => [
    name,
    dollars(first?.fixedAMonth[name] ?? 0),
    ...costs.map(({ forThousandLeads }) => dollars(forThousandLeads[name] ?? 0)),
  ];
  const all = (values: Readonly<Record<string, number>>) => dollars(sum(Object.values(values)));
  const rules = columns.flatMap(({ brokenRules }, index) => brokenRules.map((rule) => `${names[index]}: ${rule}`));
  return [
    `${environment}, ${load}. Simulated: nothing was asked of AWS.`,
    ...columns.slice(1).map(({ set }, index) => `${names[index + 1]}: ${set}`),
    "",
    textTable([
      ["", ...names],
      ...figures.map(([name, figure]) => [name, ...columns.map(({ result }) => figure(result))]),
    ]),
    "",
    textTable([
      ["US$", "a month, fixed", ...names.map((name) => `1,000 leads, ${name}`)],
      ...services.map(row),
      ["all", all(first?.fixedAMonth ?? {}), ...costs.map(({ forThousandLeads }) => all(forThousandLeads))],
      [`month of ${leadsAMonth.toLocaleString("en")} leads`, "", ...costs.map(({ aMonth }) => dollars(aMonth))],
    ]),
    ...(rules.length > 0 ? ["", "Rules that synth would refuse:", ...rules] : []),
  ].join("\n");
}

/** The simulation as one line of JSON. */
export function jsonReport(simulation: Simulation): string {
  const { environment, load, leadsAMonth, columns } = simulation;
  return JSON.stringify({
    environment,
    load,
    leadsAMonth,
    columns: columns.map(({ set, result: { usage, ...result }, brokenRules }) => ({
      set,
      ...result,
      dollars: costsOf({ usage, ...result }, simulation),
      usage: { ...usage, calls: Object.fromEntries(usage.calls) },
      brokenRules,
    })),
  });
}
