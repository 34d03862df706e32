import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ClientSettings } from "local-aws";
import { LocalRunError } from "./errors.ts";
import type { Platform } from "./platform.ts";
import { newRunPath, runPaths } from "./run-folder.ts";

/** What other commands need to know of a run that is under way. Its secrets are made up and serve in this run only. */
export interface CurrentRun {
  readonly processId: number;
  /** The environment's name: `dev`. */
  readonly env: string;
  /** The run's own address, for the console and for curl, without a slash at the end. */
  readonly address: string;
  /** Where sources post to, without a slash at the end. */
  readonly endpoint: string;
  /** Names of the sources that send leads, first those that take any JSON. */
  readonly sources: readonly string[];
  /** Settings of an AWS SDK client that talks to the run, as an operator who may do anything. */
  readonly aws: ClientSettings;
  /** The stack's outputs, by name. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** File with the functions' log lines. */
  readonly log: string;
}

type Reachable = Pick<Platform, "stack" | "endpoint" | "crm" | "desk" | "clientSettings" | "logs">;

/**
 * Writes down how a run of this process is reached, in a file that only its user can read.
 * @param folder where runs leave their files
 * @returns what removes the file when the run ends
 */
export function writeCurrentRun(
  { stack, endpoint, crm, desk, clientSettings, logs }: Reachable,
  { env, folder }: { readonly env: string; readonly folder?: string | undefined },
): () => void {
  const run: CurrentRun = {
    processId: process.pid,
    env,
    address: desk.url,
    endpoint,
    sources: crm.sources.toSorted((a, b) => Number(crm.takesAnyShape(b)) - Number(crm.takesAnyShape(a))),
    aws: clientSettings(),
    outputs: Object.fromEntries(stack.outputs.map((name) => [name, stack.output(name)])),
    log: logs.path,
  };
  const path = newRunPath(env, "run", folder);
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify(run), { mode: 0o600, flag: "wx" });
  return () => rmSync(path, { force: true });
}

/**
 * The run that is under way on this machine, or undefined; of several, the one that began last.
 * @param folder where runs leave their files
 */
export const findCurrentRun = (folder?: string): CurrentRun | undefined =>
  runPaths("run", folder)
    .reverse()
    .map(readRun)
    .find((run) => run && isUnderWay(run.processId));

/** As `findCurrentRun`. @throws LocalRunError NoRun when there is none */
export function currentRun(folder?: string): CurrentRun {
  const run = findCurrentRun(folder);
  if (run) return run;
  throw new LocalRunError(
    "NoRun",
    "No run is under way on this machine. Start one with npm start in another terminal.",
  );
}

/** What a file says of a run; undefined for a run that has just ended, or is about to write the file. */
function readRun(path: string): CurrentRun | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as CurrentRun;
  } catch {
    return undefined;
  }
}

/** Address of a lead's page in the console. */
export const leadPage = ({ address }: Pick<CurrentRun, "address">, leadId: string): string =>
  `${address}/leads/${leadId}`;

/** Whether a process is there. A run that was killed leaves its file, and not its process. */
function isUnderWay(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
