import { runCommand } from "../../command-line/program.ts";
import { interruption, terminal } from "../terminal.ts";
import { faults } from "./command.ts";

const { print } = terminal;

/** Exit codes: 0 every lead is accounted for, 1 one is not or the run failed, 2 an option is wrong. */
process.exitCode = await runCommand(faults, process.argv.slice(2), terminal, {
  load: async () => ({ ...(await import("./run.ts")), ...(await import("./run-outage.ts")) }),
  print,
  interrupted: interruption(),
});
