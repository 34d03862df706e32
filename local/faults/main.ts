import { interruption } from "../../command-line/interruption.ts";
import { runCommand } from "../../command-line/program.ts";
import { Screen } from "../terminal/screen.ts";
import { terminal } from "../terminal.ts";
import { faults } from "./command.ts";

const screen = new Screen(process.stdout);

/** Exit codes: 0 every lead is accounted for, 1 one is not or the run failed, 2 an option is wrong. */
process.exitCode = await runCommand(faults, process.argv.slice(2), terminal, {
  load: async () => ({ ...(await import("./run.ts")), ...(await import("./run-outage.ts")) }),
  print: screen.print,
  status: (line) => screen.show(line),
  interrupted: interruption(),
});
