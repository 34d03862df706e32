import { runCommand } from "../command-line/program.ts";
import { start } from "./command.ts";
import { run } from "./run.ts";
import { terminal } from "./terminal.ts";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());
const { print } = terminal;

/** Exit codes: 0 every lead is accounted for; 1 one is not, a call was denied, or the run failed; 2 an option is wrong. */
process.exitCode = await runCommand(start, process.argv.slice(2), terminal, {
  run,
  print,
  interrupted: interruption.signal,
});
