import { runCommand } from "../../command-line/program.ts";
import { latestObjects } from "../../local/run-folder.ts";
import { reportCommand } from "./command.ts";

const { log: print, error } = console;

/** Exit codes: 0 the page is written, 1 a file cannot be read, 2 an option or a value is wrong. */
process.exitCode = await runCommand(reportCommand, process.argv.slice(2), { print, error }, { print, latestObjects });
