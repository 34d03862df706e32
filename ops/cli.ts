import { runProgram } from "../command-line/program.ts";
import { aws } from "./aws.ts";
import { ops } from "./commands/index.ts";

const print = (line: string) => console.log(line);
/** AWS's errors in a line; their stacks say nothing to an operator. */
const error = (problem: unknown) =>
  console.error(problem instanceof Error ? `${problem.name}: ${problem.message}` : problem);

/** Exit codes: 0 done; 1 AWS refused, or something is left to do; 2 the command, an option or a value is wrong. */
process.exitCode = await runProgram(
  ops,
  process.argv.slice(2),
  { print, error },
  { ...aws, print, now: () => new Date() },
);
