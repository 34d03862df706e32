import { runCommand } from "../command-line/program.ts";
import { latestObjects } from "../local/run-folder.ts";
import { queryCommand } from "./command.ts";

const print = (text: string) => console.log(text);
const error = (problem: unknown) => console.error(problem);

/** Exit codes: 0 the rows are printed, 1 the SQL or a file is wrong, 2 an option or a value is wrong. */
process.exitCode = await runCommand(queryCommand, process.argv.slice(2), { print, error }, { print, latestObjects });
