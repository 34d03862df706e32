import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { runCommand } from "../../command-line/program.ts";
import { currentRun } from "../current-run.ts";
import { terminal } from "../terminal.ts";
import { send } from "./command.ts";

const read = (path: string) => (path === "-" ? text(process.stdin) : readFile(path, "utf8"));
const ports = { currentRun, fetch, read, print: terminal.print };

/** Exit codes: 0 the lead is accepted; 1 it is not, or there is no run; 2 a file, an option or a value is wrong. */
process.exitCode = await runCommand(send, process.argv.slice(2), terminal, ports);
