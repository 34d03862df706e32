import { never, pauseUnless } from "../aborted.ts";
import { startPlatform } from "../platform.ts";
import { queuesEmpty } from "../queues.ts";
import { seededRandom } from "../random.ts";
import { denialLine } from "../report.ts";
import { newRunPath } from "../run-folder.ts";
import { sendLoad } from "./load.ts";
import { type FaultOptions, leadsOf } from "./options.ts";
import { manners, Outage, type OutageName } from "./outage.ts";
import { type Marks, PostLog } from "./post-log.ts";
import { countPostponed } from "./postponed.ts";
import { followLoad, seconds } from "./progress.ts";
import { endOfRun, type FaultRunPorts, longestDelayAfter, passed, type RunResult } from "./run.ts";
import { RunAudit } from "./run-audit.ts";
import { synthesizeForFaults } from "./stack.ts";

/** What became of everything that was sent, and how long it took after the outage. */
export interface OutageSummary extends RunResult, Marks {
  readonly outage: OutageName;
  readonly minutes: number;
  /** Messages that were sent again to their own queue with a delay. */
  readonly postponed: number;
  /** Seconds from the outage's end to the last announcement; 0 if there was none after it. */
  readonly lastAnnouncedAfterSeconds: number;
  readonly wallMs: number;
  /** File with the functions' log lines. */
  readonly logPath: string;
}

/** Whether every lead was announced without a person, and marked exactly when its own post was uncertain. */
export const outagePassed = (summary: OutageSummary): boolean =>
  passed(summary) &&
  summary.announced + summary.inProgress === summary.accepted &&
  summary.wronglyMarked.length === 0 &&
  summary.wronglyUnmarked.length === 0;

/** Leads that are announced before the outage begins, one a second. */
const leadsBefore = 5;

/**
 * Runs an environment's pipeline while services are down all the time, a third of it in each manner, and waits until every
 * lead is announced. The functions have the timeouts of their environment.
 */
export async function runOutage(name: OutageName, options: FaultOptions, ports: FaultRunPorts): Promise<OutageSummary> {
  const { env, seed, minutes } = options;
  const { print, status = () => {}, interrupted = never } = ports;
  const logPath = newRunPath(env, "log");
  const started = performance.now();
  const outage = new Outage(name);
  const { stackDir, remove } = await synthesizeForFaults(env, { ...ports, timeouts: {} });
  await outage.start();
  const { intercept, variables } = outage;
  const platform = await startPlatform({ stackDir, seed, intercept, variables, logPath }).finally(remove);
  try {
    outage.attach(platform);
    platform.denials.on("denied", (denial) => print(denialLine(denial)));
    const audit = new RunAudit(platform);
    const posts = new PostLog(platform, outage);
    const postponed = countPostponed(platform);
    const no = () => false;
    const send = (leads: number, milliseconds: number, from: number) => {
      const random = seededRandom(from);
      return sendLoad(platform, audit, {
        leads,
        milliseconds,
        seed: from,
        random,
        twice: no,
        losesEvents: no,
        interrupted,
      });
    };
    await send(leadsBefore, leadsBefore * 1000, seed + 1);
    await queuesEmpty(platform, { patience: 60_000, calm: 1500, signal: interrupted });
    const milliseconds = minutes * 60_000;
    const leads = leadsOf(options);
    const stopProgress = followLoad(platform, status, { leads, milliseconds });
    const load = send(leads, milliseconds, seed);
    for (const manner of manners) {
      if (interrupted.aborted) break;
      print(`${name}: ${manner} for ${seconds(milliseconds / manners.length)}`);
      await outage.change(manner);
      await pauseUnless(interrupted, milliseconds / manners.length);
    }
    await outage.change(undefined);
    const endedAt = Date.now();
    await load;
    stopProgress();
    const over = "the outage is over; waiting until everything is announced";
    const ended = await endOfRun(platform, audit, ports, { over, longestDelay: longestDelayAfter(minutes) });
    const lastAnnouncedAfterSeconds = Math.max(0, posts.lastAnnouncedAt - endedAt) / 1000;
    return {
      outage: name,
      minutes,
      env,
      seed,
      sent: leadsBefore + leads,
      ...ended,
      ...posts.marks(),
      postponed: postponed(),
      lastAnnouncedAfterSeconds,
      wallMs: Math.round(performance.now() - started),
      logPath,
    };
  } finally {
    await platform.stop();
    await outage.stop();
  }
}
