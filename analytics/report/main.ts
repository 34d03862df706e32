import { runCommand } from "../../command-line/program.ts";
import { ports, terminal } from "../ports.ts";
import { reportCommand } from "./command.ts";

/** Exit codes: 0 the page is written, 1 a file cannot be read or Athena refused, 2 an option or a value is wrong. */
process.exitCode = await runCommand(reportCommand, process.argv.slice(2), terminal, ports);
