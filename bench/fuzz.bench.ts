/**
 * Takes fuzzed bodies through the whole chain, and checks every limit that the leads and messages must keep. The figures are
 * CPU time from the request's body to all of its composed messages.
 */
import fc from "fast-check";
import type { EnrichedLead } from "../functions/lead/enriched-lead.ts";
import { webhookLeadId } from "../functions/lead/lead-id.ts";
import { slackDeclaration } from "../functions/notify/channels/slack/declaration.ts";
import { type FuzzedBody, fuzzedBodies } from "../tests/helpers/fuzz/bodies.ts";
import { groupProblems, problemsOf, type Trace, trace } from "../tests/helpers/fuzz/chain.ts";
import { printTable } from "./shared/print-table.ts";

/** Bodies that are made from one seed. */
const atOnce = 1000;
/** One of so many bodies is traced twice, which must give the same. */
const repeatedOnce = 20;
/** Microseconds above which a body is measured again. */
const slow = 50_000;
/** What a body costs, it costs each time; the lowest of several measurements is without compilation and collection. */
const measurements = 4;

const cpuMicroseconds = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

async function measured(body: FuzzedBody): Promise<{ readonly traced: Trace; readonly cost: number }> {
  const before = cpuMicroseconds();
  const traced = await trace(body);
  return { traced, cost: cpuMicroseconds() - before };
}

class Tally {
  readonly costs: Uint32Array;
  readonly rejections = new Map<string, number>();
  /** Problems by kind, with the first place where each was found. */
  readonly problems = new Map<string, { count: number; readonly first: string }>();
  readonly remeasured: (readonly [place: string, first: number, lowest: number])[] = [];
  bodies = 0;
  leads = 0;
  bytes = 0;
  #group: EnrichedLead[] = [];

  constructor(size: number) {
    this.costs = new Uint32Array(size);
  }

  add({ leads, rejections }: Trace, bytes: number, cost: number): void {
    this.costs[this.bodies] = cost;
    this.bodies += 1;
    this.bytes += bytes;
    this.leads += leads.length;
    for (const code of rejections) this.rejections.set(code, (this.rejections.get(code) ?? 0) + 1);
  }

  /** Leads of different bodies in one digest and one email. */
  addToGroup(leads: readonly EnrichedLead[], place: string): void {
    for (const lead of leads) {
      this.#group.push({ ...lead, id: webhookLeadId("crm", "group", this.#group.length) });
      if (this.#group.length < slackDeclaration.capacity) continue;
      this.addProblems(groupProblems(this.#group), place);
      this.#group = [];
    }
  }

  addProblems(problems: readonly string[], place: string): void {
    for (const problem of new Set(problems)) {
      const known = this.problems.get(problem) ?? { count: 0, first: place };
      known.count += 1;
      this.problems.set(problem, known);
    }
  }
}

async function check(body: FuzzedBody, place: string, again: boolean, tally: Tally): Promise<void> {
  const { traced, cost } = await measured(body);
  let lowest = cost;
  for (let count = 1; lowest > slow && count < measurements; count += 1) {
    lowest = Math.min(lowest, (await measured(body)).cost);
  }
  if (cost > slow) tally.remeasured.push([place, cost, lowest]);
  tally.add(traced, body.body.length, lowest);
  tally.addProblems(problemsOf(traced), place);
  tally.addToGroup(traced.leads, place);
  if (again && JSON.stringify(await trace(body)) !== JSON.stringify(traced)) {
    tally.addProblems(["the same body became something else"], place);
  }
}

export async function run({ bodies, seed }: { readonly bodies: number; readonly seed: number }): Promise<void> {
  const tally = new Tally(bodies);
  for (const body of fc.sample(fuzzedBodies, { numRuns: atOnce, seed: seed - 1 })) await trace(body);
  for (let done = 0; done < bodies; done += atOnce) {
    const sample = fc.sample(fuzzedBodies, { numRuns: Math.min(atOnce, bodies - done), seed: seed + done / atOnce });
    for (const [index, body] of sample.entries()) {
      const place = `seed ${seed + done / atOnce}, body ${index}`;
      try {
        await check(body, place, index % repeatedOnce === 0, tally);
      } catch (error) {
        tally.addProblems([`thrown: ${error instanceof Error ? error.stack : error}`], place);
      }
    }
  }
  print(tally);
  if (tally.problems.size > 0) throw new Error(`${tally.problems.size} kinds of problems were found.`);
}

function print({ bodies, bytes, leads, costs, rejections, problems, remeasured }: Tally): void {
  const sorted = costs.subarray(0, bodies).toSorted();
  const percentile = (share: number) => (sorted[Math.min(bodies - 1, Math.floor(bodies * share))] ?? 0) / 1000;
  printTable("Fuzzed bodies", ["bodies", "MB", "leads"], [[bodies, bytes / 1e6, leads]]);
  printTable(
    "CPU time from a body to its messages (ms)",
    ["median", "95 %", "99 %", "99.9 %", "highest", "above 50 ms"],
    [[...[0.5, 0.95, 0.99, 0.999, 1].map(percentile), sorted.filter((cost) => cost > slow).length]],
  );
  printTable("Rejections", ["class", "count"], [...rejections]);
  printTable(
    "Measured again, above 50 ms at first (ms)",
    ["place", "first", "lowest"],
    remeasured.map(([place, first, lowest]) => [place, first / 1000, lowest / 1000]),
  );
  printTable(
    "Problems",
    ["count", "first", "problem"],
    [...problems].map(([problem, { count, first }]) => [count, first, problem]),
  );
}
