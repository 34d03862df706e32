import { setTimeout } from "node:timers/promises";
import { runCommand } from "../../command-line/program.ts";
import { findCurrentRun } from "../current-run.ts";
import { runPaths } from "../run-folder.ts";
import { terminal } from "../terminal.ts";
import { logs } from "./command.ts";

// Whoever reads only the first lines, as head does, ends the command.
process.stdout.on("error", () => process.exit(0));

const run = findCurrentRun();
const path = run?.log ?? runPaths("log").at(-1);

/** Exit codes: 0 done, 1 there was no run or no line of the lead, 2 an option is wrong. */
process.exitCode = await runCommand(logs, process.argv.slice(2), terminal, {
  path,
  isUnderWay: () => run !== undefined && findCurrentRun()?.log === run.log,
  wait: setTimeout,
  print: terminal.print,
});
