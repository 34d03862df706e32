import { type Command, UsageError } from "../../command-line/program.ts";
import { faultOptions } from "./options.ts";
import { faultTable, outageTable } from "./report.ts";

/** What `npm run faults` needs. */
export interface FaultPorts {
  /** Loads the runs, which takes seconds: only when one is needed. */
  load(): Promise<
    Pick<typeof import("./run.ts"), "passed" | "runFaults"> &
      Pick<typeof import("./run-outage.ts"), "outagePassed" | "runOutage">
  >;
  print(line: string): void;
  /** How far the run is; replaces what it was given before. */
  status?(line: string): void;
  /** Comes when the user wants the run to end. */
  readonly interrupted?: AbortSignal;
}

/** `npm run faults`. Exit code 1 when a lead is not accounted for. */
export const faults: Command<typeof faultOptions, FaultPorts> = {
  name: "npm run faults --",
  summary:
    "Runs the pipeline on this machine while the services that it needs fail, and looks for leads that got lost.",
  options: faultOptions,
  async run(options, { load, ...ports }) {
    const { print } = ports;
    const { outage } = options;
    for (const name of ["faults", "silent"] as const) {
      if (outage === undefined || options[name] === undefined) continue;
      throw new UsageError(
        `error: --outage excludes --${name}: an outage is the only fault of its run. Leave one out.`,
      );
    }
    const { passed, runFaults, outagePassed, runOutage } = await load();
    const report = <Summary>(summary: Summary, table: string, isPassed: boolean) => {
      print(table);
      if (options.json) print(JSON.stringify(summary));
      return isPassed ? 0 : 1;
    };
    if (outage === undefined) {
      const summary = await runFaults(options, ports);
      return report(summary, faultTable(summary), passed(summary));
    }
    const summary = await runOutage(outage, options, ports);
    return report(summary, outageTable(summary), outagePassed(summary));
  },
};
