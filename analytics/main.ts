import { runCommand } from "../command-line/program.ts";
import { queryCommand } from "./command.ts";
import { ports, terminal } from "./ports.ts";

/** Exit codes: 0 the rows are printed, 1 the SQL or a file is wrong or Athena refused, 2 an option or a value is wrong. */
process.exitCode = await runCommand(queryCommand, process.argv.slice(2), terminal, ports);
