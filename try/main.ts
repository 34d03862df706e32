import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { runCommand } from "../command-line/program.ts";
import { tryCommand } from "./command.ts";

const print = (line: string) => console.log(line);
const error = (problem: unknown) => console.error(problem);
const read = (path: string) => (path === "-" ? buffer(process.stdin) : readFile(path));

/** Exit codes: 0 every lead is enriched or ignored, 1 one is rejected, 2 a file, an option or a value is wrong. */
process.exitCode = await runCommand(tryCommand, process.argv.slice(2), { print, error }, { read, print });
