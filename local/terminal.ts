import type { Terminal } from "../command-line/program.ts";
import { LocalRunError } from "./errors.ts";

/** Standard output and standard error. An error of the run is shown by its message, any other one with its stack. */
export const terminal: Terminal = {
  print: (line) => console.log(line),
  error: (problem) => console.error(problem instanceof LocalRunError ? problem.message : problem),
};

/** Aborts when the user presses Ctrl-C, the process is asked to end or nobody reads it. A second Ctrl-C ends it at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
  process.stdout.on("error", () => controller.abort());
  return controller.signal;
}
