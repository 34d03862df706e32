import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { interruption } from "../command-line/interruption.ts";
import { runProgram } from "../command-line/program.ts";
import { currentRun } from "../local/current-run.ts";
import { synthesize } from "../local/synthesis.ts";
import { createClients } from "./aws.ts";
import { ops } from "./commands/index.ts";
import { OpsError } from "./errors.ts";

const print = (line: string) => console.log(line);
/** AWS's errors in a line; their stacks say nothing to an operator. */
const error = (problem: unknown) =>
  console.error(problem instanceof Error ? `${problem.name}: ${problem.message}` : problem);

const interrupted = new OpsError("Interrupted", "Interrupted: the dead letters that were received are visible again.");

/** Exit codes: 0 done; 1 AWS refused, or something is left to do; 2 the command, an option or a value is wrong. */
process.exitCode = await runProgram(
  ops,
  process.argv.slice(2),
  { print, error },
  {
    ...createClients(),
    currentRun() {
      const { outputs, aws } = currentRun();
      return { outputs, clients: createClients(aws) };
    },
    fetch,
    wait: setTimeout,
    print,
    warn: error,
    now: () => new Date(),
    synthesize,
    standardInput: () => buffer(process.stdin),
    interruption: () => interruption(interrupted),
  },
);
