import type { Command } from "../command-line/program.ts";
import { type RunOptions, runOptions } from "./options.ts";
import type { RunPorts } from "./run.ts";
import { refusedRequests, type Summary } from "./summary.ts";

/** What `npm start` needs: the run itself, and a signal that comes when the user wants the run to end. */
export interface StartPorts extends RunPorts {
  run(options: RunOptions, ports: RunPorts): Promise<Summary>;
}

/** `npm start`. Exit code 1 when a lead was lost, a request was refused or a call was denied. */
export const start: Command<typeof runOptions, StartPorts> = {
  name: "npm start --",
  summary: "Runs the pipeline of an environment on this machine, sends leads through it and says what became of each.",
  options: runOptions,
  async run(options, { run, ...ports }) {
    const summary = await run(options, ports);
    if (options.json) ports.print(JSON.stringify(summary));
    return summary.lost + refusedRequests(summary) + summary.deniedCalls > 0 ? 1 : 0;
  },
};
