import type { Bundles } from "../../stacks/synthesize.ts";
import { never, pauseUnless } from "../aborted.ts";
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
import { followLoad, followQueues, seconds } from "./progress.ts";
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
  /** Leads of which it was not known yet what becomes of them when the user ended the run; none of them counts as lost. */
  readonly inProgress: number;
}

/** Where a run says how it goes on. */
export interface FaultRunPorts {
  print(line: string): void;
  /** How far the run is; replaces what it was given before. @default nobody looks */
  status?(line: string): void;
  /** Comes when the user wants the run to end. @default never */
  readonly interrupted?: AbortSignal;
  /** The functions' code. @default bundled now */
  readonly bundles?: Bundles;
}

/** What became of everything that was sent, and what happened on the way. */
export interface FaultSummary extends RunResult {
  readonly strikes: Readonly<Partial<Record<FaultName, number>>>;
  readonly slackMessages: number;
  readonly gauges: Gauges;
  readonly wallMs: number;
  /** File with the functions' log lines. */
  readonly logPath: string;
}

/** Whether every lead is accounted for as it should be. */
export const passed = (summary: RunResult): boolean => {
  const { lost, missingDeadLetters, repeats, outcomes, deadLettered, refused, denials } = summary;
  const wrong = [...repeats.unmarked, ...outcomes.wrong];
  const named = [lost, missingDeadLetters, wrong, Object.keys(deadLettered), Object.keys(refused), denials];
  return summary.redriven === 0 && named.every(({ length }) => length === 0);
};

/** Runs an environment's pipeline under faults, waits until they are over, redrives, and audits what became of every lead. */
export async function runFaults(options: FaultOptions, ports: FaultRunPorts): Promise<FaultSummary> {
  const { env, seed } = options;
  const { print } = ports;
  const logPath = newRunPath(env, "log");
  const started = performance.now();
  const random = seededRandom(seed);
  const switches = new FaultSwitch(random);
  const { stackDir, remove } = await synthesizeForFaults(env, ports);
  const platform = await startPlatform({
    stackDir,
    seed,
    logPath,
    intercept: switches.intercept,
    delivery: switches.delivery,
  }).finally(remove);
  try {
    switches.attach(platform);
    keepObjects(platform, newRunPath(env, "objects"));
    platform.denials.on("denied", (denial) => print(denialLine(denial)));
    const audit = new RunAudit(platform);
    const gauges = await faultyTime(platform, audit, switches, options, ports);
    const ended = await endOfRun(platform, audit, ports, {
      over: "faults are over; waiting for the queues to run empty",
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
      logPath,
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
  { print, status = () => {}, interrupted = never }: FaultRunPorts,
): Promise<Gauges> {
  const { minutes, faults, seed, silent = 0 } = options;
  const milliseconds = minutes * 60_000;
  const random = seededRandom(seed);
  const stopGauges = startGauges(platform);
  const windows = faultSchedule(random, milliseconds, faults).map(async ({ fault, from, until, share }) => {
    await pauseUnless(interrupted, from);
    if (interrupted.aborted) return;
    print(`${seconds(from).padStart(8)}  ${fault} for ${seconds(until - from)}, ${share * 100} % of the time`);
    await switches.turnOn(fault, share);
    await pauseUnless(interrupted, until - from);
    switches.turnOff(fault);
  });
  switches.losesEvents = silent > 0;
  const silence = pauseUnless(interrupted, silent * 1000).then(() => {
    switches.losesEvents = false;
  });
  const twice = () => switches.hits("crm-twice");
  const losesEvents = () => switches.losesEvents;
  const leads = leadsOf(options);
  const load = { leads, milliseconds, seed, random, twice, losesEvents, interrupted };
  const stopProgress = followLoad(platform, status, { leads, milliseconds });
  await Promise.all([...windows, sendLoad(platform, audit, load), silence]);
  stopProgress();
  return stopGauges();
}

/** Milliseconds for which the queues have to stay empty: an event may be between a bucket and its queue. */
const calm = 1500;

interface EndOptions {
  /** What is printed first. */
  readonly over: string;
  /** Whether a fault is still under way. @default no */
  readonly busy?: () => boolean;
  /** Seconds for which a postponed message waits at most. */
  readonly longestDelay: number;
  /** Replays leads that stopped on their way. @returns how many @default none are looked for */
  readonly replay?: () => Promise<number>;
}

/** Seconds for which a message waits at most after minutes of outages: a quarter of the time since its first attempt. */
export const longestDelayAfter = (minutes: number): number => minutes * 15;

/**
 * Waits until the work queues are empty, replays what stopped, redrives what used up its receives, and audits what became of
 * every lead. When the user ends the run, it waits no longer and changes nothing more.
 */
export async function endOfRun(
  platform: Platform,
  audit: RunAudit,
  { print, status = () => {}, interrupted = never }: FaultRunPorts,
  { over, busy, longestDelay, replay = async () => 0 }: EndOptions,
): Promise<Omit<RunResult, "env" | "seed" | "sent">> {
  const patience = (longestVisibility(platform) * 3 + longestDelay * 2 + 60) * 1000;
  const quiet = async () => {
    const stopProgress = followQueues(platform, status, patience);
    const isEmpty = await queuesEmpty(platform, { patience, calm, signal: interrupted, ...(busy && { busy }) });
    stopProgress();
    if (isEmpty || interrupted.aborted) return;
    print(`after ${patience / 1000} s queues still hold messages; leads that wait in them count as lost`);
  };
  const step = async (act: () => Promise<number>, done: (count: number) => string) => {
    const count = interrupted.aborted ? 0 : await act();
    if (count === 0) return 0;
    print(done(count));
    await quiet();
    return count;
  };
  if (!interrupted.aborted) print(over);
  await quiet();
  const replayed = await step(replay, (count) => `replayed ${count} leads whose events were lost`);
  const redriven = await step(
    () => redriveUsedUp(platform),
    (count) => `redriven ${count} dead letters that had used up their receives`,
  );
  const result = await audit.result();
  const ended = { replayed, redriven, denials: platform.denials.lines() };
  if (!interrupted.aborted) return { ...result, ...ended, inProgress: 0 };
  return { ...result, ...ended, lost: [], missingDeadLetters: [], inProgress: result.lost.length };
}
