import type { Command } from "../../command-line/program.ts";
import { faultOptions } from "./options.ts";
import { faultTable } from "./report.ts";

/** What `npm run faults` needs. */
export interface FaultPorts {
  /** Loads the run, which takes seconds: only when it is needed. */
  load(): Promise<Pick<typeof import("./run.ts"), "passed" | "runFaults">>;
  print(line: string): void;
}

/** `npm run faults`. Exit code 1 when a lead is not accounted for. */
export const faults: Command<typeof faultOptions, FaultPorts> = {
  name: "npm run faults --",
  summary:
    "Runs the pipeline on this machine while the services that it needs fail, and looks for leads that got lost.",
  options: faultOptions,
  async run(options, { load, print }) {
    const { passed, runFaults } = await load();
    const summary = await runFaults(options, print);
    print(faultTable(summary));
    if (options.json) print(JSON.stringify(summary));
    return passed(summary) ? 0 : 1;
  },
};
