import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { clamp, sum, sumBy } from "es-toolkit";
import { Hono } from "hono";
import { leadCost } from "../../../cost/per-lead.ts";
import { workerNames } from "../../../flow.ts";
import type { RunRecord } from "../../run-record.ts";
import type { ConsoleContext, Page } from "../context.ts";
import { live } from "../live.ts";
import type { Comparison, Figures, NumbersView } from "../shapes/numbers.ts";

/** Milliseconds for which a snapshot holds: plots are drawn anew with each one. */
const interval = 2000;
/** The system that Leadwire replaced collected messages for five minutes at each step. */
const replacedSettings = workerNames.map((name) => `${name}.batchingWindowSeconds=300`).join(",");
const opsProgram = join(import.meta.dirname, "../../../ops/cli.ts");

/** A snapshot. What costs the same each month, such as alarms, is not in its costs. */
export function numbersView(record: RunRecord): NumbersView {
  const { latency, queues } = record;
  const requests = sum(Object.values(record.answers.api ?? {}));
  const usage = { ...record.usage(), leads: requests };
  const costs = Object.entries(requests === 0 ? {} : leadCost(usage)).flatMap(([service, dollars]) =>
    dollars > 0 ? [[service, dollars * requests] as const] : [],
  );
  const seconds = (percent: number) => latency.percentile(percent) / 1000;
  const dollars = (1000 * sumBy(costs, ([, dollars]) => dollars)) / Math.max(1, record.entries.accepted ?? 0);
  const figures = { p50: seconds(50), p95: seconds(95), p99: seconds(99), longest: latency.max / 1000, dollars };
  const [announcements, moments] = [[...record.announcements], [...record.moments]];
  return { announcements, moments, queues, costs, ...(latency.count > 0 && { figures }) };
}

interface Simulated extends Readonly<Record<"p50Seconds" | "p95Seconds" | "p99Seconds" | "secondsToDrain", number>> {
  readonly dollars: { readonly forThousandLeads: Readonly<Record<string, number>> };
}

const figuresOf = ({ p50Seconds, p95Seconds, p99Seconds, secondsToDrain, dollars }: Simulated): Figures => ({
  p50: p50Seconds,
  p95: p95Seconds,
  p99: p99Seconds,
  longest: secondsToDrain,
  dollars: sum(Object.values(dollars.forThousandLeads)),
});

/** The leads of a comparison, and what simulates it. @param accepted leads that have come */
export function comparisonOf(environment: string, accepted = 0): { readonly leads: number; readonly args: string[] } {
  const leads = clamp(accepted, 10, 1000);
  return { leads, args: ["simulate", environment, "--burst", String(leads), "--set", replacedSettings, "--json"] };
}

/**
 * Simulates a burst of as many leads as have come, in a process of its own, so that the run is not held up.
 * @throws Error with what the command says
 */
async function compare({ environment, record }: Pick<ConsoleContext, "environment" | "record">): Promise<Comparison> {
  const { leads, args } = comparisonOf(environment, record.entries.accepted);
  const { stdout } = await promisify(execFile)(process.execPath, [opsProgram, ...args]).catch((error) => {
    throw new Error(String(error.stderr || error.message).trim());
  });
  const [now, replaced] = (JSON.parse(stdout) as { readonly columns: readonly [Simulated, Simulated] }).columns;
  return { leads, now: figuresOf(now), replaced: figuresOf(replaced) };
}

/** The run in numbers, and what the system that Leadwire replaced would have done. */
export const numbers: Page = {
  name: "numbers",
  routes: (context) => {
    let made: { readonly at: number; readonly view: NumbersView } | undefined;
    const snapshot = () => {
      const now = Date.now();
      if (!made || now - made.at >= interval) made = { at: now, view: numbersView(context.record) };
      return made.view;
    };
    return new Hono()
      .get("/live", (c) => live(c, snapshot))
      .post("/compare", async (c) => c.json(await compare(context)));
  },
};
