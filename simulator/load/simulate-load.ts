import { once } from "es-toolkit/function";
import type { LeadsUsage } from "../../cost/per-lead.ts";
import type { Environment } from "../../environments/environment.ts";
import { percentile } from "../../local/summary.ts";
import { Pipeline } from "../pipeline.ts";
import { steadyPlan, tokensIn } from "../plan.ts";
import { compilePrograms } from "../program.ts";
import { arrive } from "../simulate.ts";
import { World } from "../world.ts";
import { awsTimes, type Times } from "./times.ts";
import { UsageMeter } from "./usage-meter.ts";

/** Leads all at once, or one after the other. */
export type Load = { readonly burst: number } | { readonly ratePerSecond: number; readonly seconds: number };

export interface LoadOptions {
  /** @default those of AWS */
  readonly times?: Times;
  /** Milliseconds after the start at which each lead is sent. @default those of the load */
  readonly arrivals?: readonly number[];
  /** Invocations of each function at the same time. @default 1,000, which an AWS account has for all of its functions */
  readonly concurrency?: number;
}

/** What became of a load. */
export interface LoadResult {
  readonly leads: number;
  /** Seconds from a lead's request to the message that announces it, of 50, 95 and 99 % of the leads that are announced. */
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  /** Seconds from the first request to the last announcement. */
  readonly secondsToDrain: number;
  readonly slackMessages: number;
  readonly emails: number;
  /** Receives of the message that was received most often: 1 when nothing fails. */
  readonly receivesUsed: number;
  readonly deadLetters: number;
  /** Leads that were not announced in the end. */
  readonly unannounced: number;
  /** Requests that were answered 503 before they were accepted: no invocation was free, or SSM throttled. */
  readonly unavailable: number;
  readonly usage: LeadsUsage;
}

const programs = once(compilePrograms);
/** Events after which a simulation counts as endless. */
const eventLimit = 50_000_000;
const seed = 1;

const arrivalsOf = (load: Load): number[] =>
  "burst" in load
    ? Array.from({ length: load.burst }, () => 0)
    : Array.from(
        { length: Math.ceil(load.ratePerSecond * load.seconds) },
        (_, index) => (index * 1000) / load.ratePerSecond,
      );

/**
 * Runs the functions under a load, on simulated services with a virtual clock, at the speed of AWS. Nothing fails but what the
 * load and the settings make fail, such as a message above Slack's rate. Every function starts cold. The API takes every request:
 * its throttle is not simulated.
 * @param environment its tuning, waits and Slack's routes hold; they may break rules
 */
export async function simulateLoad(
  environment: Environment,
  load: Load,
  { times = awsTimes, arrivals = arrivalsOf(load), concurrency = 1000 }: LoadOptions = {},
): Promise<LoadResult> {
  const steady = steadyPlan(seed, arrivals.length, 0);
  const plan = {
    ...steady,
    eventDelay: times.eventMilliseconds,
    faults: { ...steady.faults, skew: 0 },
    arrivals: steady.arrivals.map((arrival, index) => ({ ...arrival, at: arrivals[index] ?? 0 })),
  };
  const usage = new UsageMeter();
  const world = new World(seed, plan.faults, undefined, (line) => usage.addLogLine(line));
  const start = world.clock.now();
  const pace = { times, usage, concurrency };
  const ports = { world, plan, programs: await programs(), sabotage: {}, workAfterAnswer: () => {} };
  const pipeline = new Pipeline({ ...ports, environment, pace });
  for (const arrival of plan.arrivals) {
    world.clock.after(arrival.at, () => arrive(arrival, () => {}, pipeline, world));
  }
  if (!(await world.clock.run(eventLimit))) throw new Error("The simulation does not come to an end.");

  const sentAt = new Map(plan.arrivals.flatMap(({ leads, at }) => leads.map(({ token }) => [token, start + at])));
  const latencies: number[] = [];
  for (const { text, sentAt: announcedAt } of pipeline.shown) {
    for (const token of tokensIn(text)) {
      const from = sentAt.get(token);
      if (from !== undefined) latencies.push((announcedAt - from) / 1000);
      sentAt.delete(token);
    }
  }
  latencies.sort((a, b) => a - b);
  const queues = Object.values(pipeline.queues);
  const share = (part: number) => percentile(latencies, part) ?? Number.NaN;
  return {
    leads: plan.arrivals.length,
    p50Seconds: share(0.5),
    p95Seconds: share(0.95),
    p99Seconds: share(0.99),
    secondsToDrain: (Math.max(...pipeline.shown.map((message) => message.sentAt)) - start) / 1000,
    slackMessages: pipeline.shown.filter(({ byEmail }) => !byEmail).length,
    emails: pipeline.shown.filter(({ byEmail }) => byEmail).length,
    receivesUsed: Math.max(...queues.map(({ queue }) => queue.mostReceives)),
    deadLetters: queues.reduce((all, { deadLetters }) => all + deadLetters.messages.length, 0),
    unannounced: sentAt.size,
    unavailable: pipeline.unavailable.size,
    usage: usage.usage(plan.arrivals.length),
  };
}
