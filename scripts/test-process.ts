import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface FileOutcome {
  /** Everything that the file printed to stdout and stderr, in order. */
  readonly output: string;
  /** Why the file did not end by itself. Undefined when it did. */
  readonly ended?: string;
}

export interface SuiteProcessOptions {
  /** Folder for the output; it exists. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limit: number;
  /** Milliseconds that the process may take to end after the last file. */
  readonly closingLimit: number;
}

let started = 0;

type Exit = readonly [code: number | null, signal: string | null];

const endOf = ([code, signal]: Exit) =>
  signal === null ? `the process ended early with code ${code}` : `the process was ended by ${signal}`;

/** What comes first: the outcome of the work, or its time is over. */
async function within(milliseconds: number, work: Promise<string | undefined>, late: string) {
  const cancel = new AbortController();
  try {
    return await Promise.race([work, pause(milliseconds, late, { signal: cancel.signal })]);
  } finally {
    cancel.abort();
  }
}

/**
 * A process that runs one suite file at a time. It writes to a file of its own, so the lines of two processes never mix. A
 * crash or the time limit ends the process; the next file then starts a new one.
 */
export class SuiteProcess {
  readonly #options: SuiteProcessOptions;
  #child: ChildProcess | undefined;
  #exit: Promise<Exit> = Promise.race([]);
  #log = "";
  #read = 0;

  constructor(options: SuiteProcessOptions) {
    this.#options = options;
  }

  async run(file: string): Promise<FileOutcome> {
    if (this.#child && !this.#child.connected) {
      this.#child = undefined;
      return this.#outcome("not started: an earlier suite ended the process after its last test");
    }
    const { limit } = this.#options;
    const child = this.#running();
    const answered = new Promise<string | undefined>((resolve) => {
      child.once("message", () => resolve(undefined));
      child.send(file, (error) => error && resolve(error.message));
    });
    const ending = Promise.race([answered, this.#exit.then(endOf)]);
    const ended = await within(limit, ending, `not finished after ${limit / 1000} s`);
    if (ended !== undefined) this.#end(child);
    return this.#outcome(ended);
  }

  /** Lets the process end by itself, as it does when no suite has left anything open. Otherwise the outcome says so. */
  async close(): Promise<FileOutcome> {
    const child = this.#child;
    if (child === undefined) return { output: "" };
    if (child.connected) child.disconnect();
    const ending = this.#exit.then((exit) => (exit[0] === 0 ? undefined : endOf(exit)));
    const stuck = "a suite left something open: its process did not end";
    const ended = await within(this.#options.closingLimit, ending, stuck);
    this.#end(child);
    return this.#outcome(ended);
  }

  #running(): ChildProcess {
    if (this.#child !== undefined) return this.#child;
    const { folder, env } = this.#options;
    started += 1;
    this.#log = join(folder, `suites-${started}.log`);
    this.#read = 0;
    const log = openSync(this.#log, "a");
    this.#child = fork(join(import.meta.dirname, "test-worker.ts"), { env, stdio: ["ignore", log, log, "ipc"] });
    closeSync(log);
    this.#exit = once(this.#child, "exit") as Promise<[number | null, string | null]>;
    return this.#child;
  }

  #end(child: ChildProcess): void {
    this.#child = undefined;
    child.kill("SIGKILL");
  }

  /** What was printed since the last outcome. */
  #outcome(ended: string | undefined): FileOutcome {
    const output = readFileSync(this.#log).subarray(this.#read);
    this.#read += output.length;
    return { output: output.toString("utf8"), ...(ended !== undefined && { ended }) };
  }
}
