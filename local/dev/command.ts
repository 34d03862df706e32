import { omit } from "es-toolkit/object";
import type { Command } from "../../command-line/program.ts";
import { aborted } from "../aborted.ts";
import { runOptions } from "../options.ts";

/** A run in a process of its own. */
export interface StartedRun {
  /** Resolves with the exit code when the run has ended. */
  readonly ended: Promise<number>;
  /** The port of its address; undefined when it is not up yet, or ended before that. */
  port(): number | undefined;
  /** Asks it to end. */
  stop(): void;
}

/** What `npm run dev` needs. */
export interface DevPorts {
  /** @param more what the run is given after the arguments of the command line */
  start(more: readonly string[]): StartedRun;
  /** Resolves with the path of the next file that changes. */
  nextChange(): Promise<string>;
  readonly interrupted: AbortSignal;
  print(line: string): void;
}

const options = omit(runOptions, ["exit", "json"]);

/** `npm run dev`. The exit code is the last run's. */
export const dev: Command<typeof options, DevPorts> = {
  name: "npm run dev --",
  summary:
    "Runs the pipeline as npm start does, and starts it again after each change in functions/, environments/, stacks/ or modules/.",
  options,
  async run(_, { start, nextChange, interrupted, print }) {
    let port: number | undefined;
    for (;;) {
      const change = nextChange();
      const run = start(port === undefined ? [] : ["--port", String(port)]);
      let isStopping = false;
      const end = run.ended.then((code) => {
        if (isStopping || interrupted.aborted) return;
        print(`The run has ended with ${code}. It starts again after the next change.`);
      });
      const changed = await Promise.race([change, aborted(interrupted).then(() => undefined)]);
      port = run.port() ?? port;
      isStopping = true;
      run.stop();
      await end;
      if (changed === undefined) return run.ended;
      print(`${changed} has changed: the run starts again.`);
    }
  },
};
