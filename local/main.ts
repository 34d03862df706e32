import { interruption } from "../command-line/interruption.ts";
import { runCommand } from "../command-line/program.ts";
import { start } from "./command.ts";
import { run } from "./run.ts";
import { Screen } from "./terminal/screen.ts";
import { terminal } from "./terminal.ts";

const screen = new Screen(process.stdout);
const ports = { run, screen, print: screen.print, interrupted: interruption() };

/** Exit codes: 0 every lead is accounted for; 1 one is not, a call was denied, or the run failed; 2 an option is wrong. */
process.exitCode = await runCommand(start, process.argv.slice(2), terminal, ports);
