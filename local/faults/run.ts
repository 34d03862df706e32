import { setTimeout as pause } from "node:timers/promises";
import { keepObjects } from "../kept-objects.ts";
import { type Platform, startPlatform } from "../platform.ts";
import { longestVisibility, queuesEmpty } from "../queues.ts";
import { seededRandom } from "../random.ts";
import { denialLine } from "../report.ts";
import { newRunPath } from "../run-folder.ts";
import { FaultSwitch } from "./fault-switch.ts";
import type { FaultName } from "./faults.ts";
import { type Gauges, startGauges } from "./gauges.ts";
import { sendLoad } from "./load.ts";
import { type FaultOptions, leadsOf } from "./options.ts";
import { redriveUsedUp } from "./redrive.ts";
import { replayStopped } from "./replay-stopped.ts";
import { type AuditResult, RunAudit } from "./run-audit.ts";
import { faultSchedule } from "./schedule.ts";
import { synthesizeForFaults } from "./stack.ts";

/** What became of everything that was sent. */
export interface RunResult extends AuditResult {
  readonly env: string;
  readonly seed: number;
  readonly sent: number;
  /** Dead letters that used up their receives while the faults lasted, and were sent back after them. */
  readonly redriven: number;
  /** Leads that stopped because their events were lost, and were found and replayed. */
  readonly replayed: number;
  /** Calls that the stack's policies did not allow, a line each. */
  readonly denials: readonly string[];
}

/** What became of everything that was sent, and what happened on the way. */
export interface FaultSummary extends RunResult {
  readonly strikes: Readonly<Partial<Record<FaultName, number>>>;
  readonly slackMessages: number;
  readonly gauges: Gauges;
  readonly wallMs: number;
}

/** Whether every lead is accounted for as it should be. */
export const passed = (summary: RunResult): boolean => {
  const { lost, missingDeadLetters, repeats, outcomes, deadLettered, refused, denials } = summary;
  const wrong = [...repeats.unmarked, ...outcomes.wrong];
  const named = [lost, missingDeadLetters, wrong, Object.keys(deadLettered), Object.keys(refused), denials];
  return summary.redriven === 0 && named.every(({ length }) => length === 0);
};

/** Runs an environment's pipeline under faults, waits until they are over, redrives, and audits what became of every lead. */
export async function runFaults(options: FaultOptions, print: (line: string) => void): Promise<FaultSummary> {
  const { env, seed } = options;
  const started = performance.now();
  const random = seededRandom(seed);
  const switches = new FaultSwitch(random);
  const { stackDir, remove } = await synthesizeForFaults(env);
  const platform = await startPlatform({
    stackDir,
    seed,
    intercept: switches.intercept,
    delivery: switches.delivery,
  }).finally(remove);
  try {
    switches.attach(platform);
    keepObjects(platform, newRunPath(env, "objects"));
    platform.denials.on("denied", (denial) => print(denialLine(denial)));
    const audit = new RunAudit(platform);
    const gauges = await faultyTime(platform, audit, switches, options, print);
    print("faults are over; waiting for the queues to run empty");
    const ended = await endOfRun(platform, audit, print, {
      busy: () => switches.underWay > 0,
      longestDelay: longestDelayAfter(options.minutes),
      ...(options.silent !== undefined && { replay: () => replayStopped(platform, env) }),
    });
    return {
      env,
      seed,
      sent: leadsOf(options),
      ...ended,
      strikes: Object.fromEntries(switches.strikes),
      slackMessages: platform.slack.messages.length,
      gauges,
      wallMs: Math.round(performance.now() - started),
    };
  } finally {
    switches.turnAllOff();
    await platform.stop();
  }
}

async function faultyTime(
  platform: Platform,
  audit: RunAudit,
  switches: FaultSwitch,
  options: FaultOptions,
  print: (line: string) => void,
): Promise<Gauges> {
  const { minutes, faults, seed, silent = 0 } = options;
  const milliseconds = minutes * 60_000;
  const random = seededRandom(seed);
  const stopGauges = startGauges(platform);
  const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`;
  const windows = faultSchedule(random, milliseconds, faults).map(async ({ fault, from, until, share }) => {
    await pause(from);
    print(`${seconds(from).padStart(8)}  ${fault} for ${seconds(until - from)}, ${share * 100} % of the time`);
    await switches.turnOn(fault, share);
    await pause(until - from);
    switches.turnOff(fault);
  });
  switches.losesEvents = silent > 0;
  const silence = pause(silent * 1000).then(() => {
    switches.losesEvents = false;
  });
  const twice = () => switches.hits("crm-twice");
  const losesEvents = () => switches.losesEvents;
  const load = sendLoad(platform, audit, { leads: leadsOf(options), milliseconds, seed, random, twice, losesEvents });
  await Promise.all([...windows, load, silence]);
  return stopGauges();
}

/** Milliseconds for which the queues have to stay empty: an event may be between a bucket and its queue. */
const calm = 1500;

interface EndOptions {
  /** Whether a fault is still under way. @default no */
  readonly busy?: () => boolean;
  /** Seconds for which a postponed message waits at most. */
  readonly longestDelay: number;
  /** Replays leads that stopped on their way. @returns how many @default none are looked for */
  readonly replay?: () => Promise<number>;
}

/** Seconds for which a message waits at most after minutes of outages: a quarter of the time since its first attempt. */
export const longestDelayAfter = (minutes: number): number => minutes * 15;

/** Waits until the work queues are empty, replays what stopped, redrives what used up its receives, and audits what became of every lead. */
export async function endOfRun(
  platform: Platform,
  audit: RunAudit,
  print: (line: string) => void,
  { busy, longestDelay, replay = async () => 0 }: EndOptions,
): Promise<Omit<RunResult, "env" | "seed" | "sent">> {
  const patience = (longestVisibility(platform) * 3 + longestDelay * 2 + 60) * 1000;
  const quiet = async () => {
    const isEmpty = await queuesEmpty(platform, { patience, calm, ...(busy && { busy }) });
    if (!isEmpty) print(`after ${patience / 1000} s queues still hold messages; leads that wait in them count as lost`);
  };
  await quiet();
  const replayed = await replay();
  if (replayed > 0) {
    print(`replayed ${replayed} leads whose events were lost`);
    await quiet();
  }
  const redriven = await redriveUsedUp(platform);
  if (redriven > 0) {
    print(`redriven ${redriven} dead letters that had used up their receives`);
    await quiet();
  }
  return { ...(await audit.result()), replayed, redriven, denials: platform.denials.lines() };
}
