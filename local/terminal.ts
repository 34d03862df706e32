import type { Terminal } from "../command-line/program.ts";
import { LocalRunError } from "./errors.ts";

/** Standard output and standard error. An error of the run is shown by its message, any other one with its stack. */
export const terminal: Terminal = {
  print: (line) => console.log(line),
  error: (problem) => console.error(problem instanceof LocalRunError ? problem.message : problem),
};
