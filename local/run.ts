import type { RequestListener } from "node:http";
import { basename, resolve } from "node:path";
import { isEqual } from "es-toolkit/predicate";
import { UsageError } from "../command-line/program.ts";
import { aborted } from "./aborted.ts";
import type { ConsoleContext } from "./console/context.ts";
import { writeCurrentRun } from "./current-run.ts";
import { FaultSwitch } from "./faults/fault-switch.ts";
import { Journal } from "./journal/journal.ts";
import { keepObjects } from "./kept-objects.ts";
import { LeadAudit } from "./lead-audit.ts";
import type { RunOptions } from "./options.ts";
import type { Platform } from "./platform.ts";
import { longestVisibility, queuesEmpty } from "./queues.ts";
import { seededRandom } from "./random.ts";
import { consoleLine, notSimulatedLine, summaryTable } from "./report.ts";
import { newRunPath } from "./run-folder.ts";
import { RunRecord } from "./run-record.ts";
import type { Summary } from "./summary.ts";
import { synthesize } from "./synthesis.ts";
import { addresses } from "./terminal/addresses.ts";
import { RunLines } from "./terminal/run-lines.ts";
import { Screen } from "./terminal/screen.ts";

export interface RunPorts {
  readonly print: (line: string) => void;
  /** Cuts lines and has a status line. @default `print` gets all lines */
  readonly screen?: Screen;
  /** Comes when the user wants the run to end. */
  readonly interrupted: AbortSignal;
  /** Where the functions' logs and the objects for queries are kept. @default a folder of the user's in the system's temporary folder */
  readonly runFolder?: string;
}

/** Answers browsers. Its code is loaded when the first one asks. */
function openConsole(context: ConsoleContext): RequestListener {
  let listener: Promise<RequestListener> | undefined;
  return async (request, response) => {
    listener ??= import("./console/app.ts").then(({ consoleListener }) => consoleListener(context));
    return (await listener)(request, response);
  };
}

/** Milliseconds that a lead may make no progress: the longest time a message can be hidden after a failure, and some more. */
const patience = (platform: Platform, leads: number): number =>
  (Math.max(30, longestVisibility(platform)) + 30) * 1000 + leads * 10;

/** The stack's name without `leadwire-`: cdktf names the folder after the stack. */
const environmentOf = (stackDir: string): string => basename(resolve(stackDir)).replace(/^leadwire-/, "");

/**
 * The sources that are to send leads.
 * @throws UsageError when the stack lacks one of them
 */
function chosenSources(chosen: readonly string[], all: readonly string[]): readonly string[] {
  if (isEqual(chosen, ["all"])) return all;
  const unknown = chosen.find((name) => !all.includes(name));
  if (unknown === undefined) return chosen;
  throw new UsageError(
    `error: option '--source <list>' names ${unknown}, which the environment lacks. Allowed: all, ${all.join(", ")}.`,
  );
}

/** Sends the leads, and waits until it is known what became of each, or until the signal ends the run. */
async function sendAndFollow(
  platform: Platform,
  audit: LeadAudit,
  { leads, rate, sources }: Pick<RunOptions, "leads" | "rate"> & { readonly sources: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  await platform.crm.sendLeads(leads, rate, sources);
  await audit.settled(patience(platform, leads), signal);
  // A message that a channel shows without saying so is still in its queue, and may be announced by another channel too.
  await queuesEmpty(platform, { patience: patience(platform, leads), signal });
}

/**
 * Runs the pipeline of an environment on this machine. With `exit`, a denied call ends it.
 * @returns what became of all leads
 */
export async function run(options: RunOptions, ports: RunPorts): Promise<Summary> {
  const { print, interrupted, runFolder, screen = Screen.of(print) } = ports;
  const { env, seed, slack, stack, port } = options;
  const faults = new FaultSwitch(seededRandom(seed));
  // The services take half a second to load, which the synthesis in its own process can use.
  const [{ stackDir, remove }, { startPlatform }] = await Promise.all([
    stack === undefined ? synthesize(env) : { stackDir: stack, remove: () => {} },
    import("./platform.ts"),
  ]);
  const name = environmentOf(stackDir);
  const platform = await startPlatform({
    stackDir,
    seed,
    slack,
    port,
    logPath: newRunPath(name, "log", runFolder),
    intercept: faults.intercept,
    delivery: faults.delivery,
  }).finally(remove);
  let lines: RunLines | undefined;
  let forget = () => {};
  try {
    faults.attach(platform);
    const audit = new LeadAudit(platform);
    const journal = new Journal(platform, audit);
    const record = new RunRecord(platform, journal);
    platform.desk.pages = openConsole({ environment: name, platform, journal, record, faults });
    print(consoleLine(platform.desk.url, port));
    keepObjects(platform, newRunPath(name, "objects", runFolder));
    forget = writeCurrentRun(platform, { env: name, folder: runFolder });
    const sources = chosenSources(options.source, platform.crm.sources);
    const notice = notSimulatedLine(platform.notSimulated);
    if (notice) print(notice);
    lines = new RunLines({ ...platform, journal }, screen, options);
    const denied = new AbortController();
    platform.denials.once("denied", () => denied.abort());
    const ended = options.exit ? AbortSignal.any([interrupted, denied.signal]) : interrupted;
    await Promise.race([sendAndFollow(platform, audit, { ...options, sources }, ended), aborted(ended)]);
    const summary = audit.summary(name, ended.aborted);
    lines.restart();
    print(summaryTable(summary));
    if (!options.exit && !ended.aborted) {
      print(addresses(platform));
      await aborted(interrupted);
    }
    return { ...summary, deniedCalls: audit.summary(name).deniedCalls };
  } finally {
    lines?.stop();
    forget();
    faults.turnAllOff();
    await platform.stop();
  }
}
