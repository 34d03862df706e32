import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface FileOutcome {
  /** Everything that the file printed to stdout and stderr, in order. */
  readonly output: string;
  /** Why the file did not end by itself. Undefined when it did. */
  readonly ended?: string;
}

export interface SuiteProcessOptions {
  /** Module that runs the files. */
  readonly worker: string;
  /** Folder for the output; it exists. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds that a file may take. */
  readonly limit: number;
  /** Milliseconds that the process may take to end after the last file. */
  readonly closingLimit: number;
}

let started = 0;

const endOf = (code: number | null, signal: string | null) =>
  signal === null ? `the process ended early with code ${code}` : `the process was ended by ${signal}`;

/**
 * A process that runs one suite file at a time. It writes to a file of its own, so the lines of two processes never mix. A
 * crash or the time limit ends the process; the next file then starts a new one.
 */
export class SuiteProcess {
  readonly #options: SuiteProcessOptions;
  #child: ChildProcess | undefined;
  #log = "";
  #read = 0;

  constructor(options: SuiteProcessOptions) {
    this.#options = options;
  }

  async run(file: string): Promise<FileOutcome> {
    if (this.#child && !this.#child.connected) {
      this.#child = undefined;
      return {
        output: this.#newOutput(),
        ended: "not started: an earlier suite ended the process after its last test",
      };
    }
    const child = this.#running();
    const ended = await new Promise<string | undefined>((resolve) => {
      const finish = (reason: string | undefined) => {
        clearTimeout(timer);
        child.off("message", onMessage).off("exit", onExit);
        if (reason !== undefined) this.#end(child);
        resolve(reason);
      };
      const onMessage = () => finish(undefined);
      const onExit = (code: number | null, signal: string | null) => finish(endOf(code, signal));
      const { limit } = this.#options;
      const timer = setTimeout(() => finish(`not finished after ${limit / 1000} s`), limit);
      child.once("message", onMessage).once("exit", onExit);
      child.send(file, (error) => error && finish(error.message));
    });
    return { output: this.#newOutput(), ...(ended !== undefined && { ended }) };
  }

  /** Lets the process end by itself, as it does when no suite has left anything open. Otherwise the outcome says so. */
  async close(): Promise<FileOutcome> {
    const child = this.#child;
    if (child === undefined) return { output: "" };
    this.#child = undefined;
    const ended = await new Promise<string | undefined>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve(endOf(child.exitCode, child.signalCode));
      const timer = setTimeout(() => {
        this.#end(child);
        resolve("a suite left something open: its process did not end");
      }, this.#options.closingLimit);
      child.once("exit", (code, signal) => {
        clearTimeout(timer);
        resolve(code === 0 ? undefined : endOf(code, signal));
      });
      if (child.connected) child.disconnect();
    });
    return { output: this.#newOutput(), ...(ended !== undefined && { ended }) };
  }

  #running(): ChildProcess {
    if (this.#child !== undefined) return this.#child;
    const { worker, folder, env } = this.#options;
    started += 1;
    this.#log = join(folder, `suites-${started}.log`);
    this.#read = 0;
    const log = openSync(this.#log, "a");
    this.#child = fork(worker, { env, stdio: ["ignore", log, log, "ipc"] });
    closeSync(log);
    return this.#child;
  }

  #end(child: ChildProcess): void {
    this.#child = undefined;
    child.kill("SIGKILL");
  }

  #newOutput(): string {
    const output = readFileSync(this.#log).subarray(this.#read);
    this.#read += output.length;
    return output.toString("utf8");
  }
}
