import { isForPeople, OptionError } from "../errors.ts";
import { readFaultOptions } from "./options.ts";
import { faultTable } from "./report.ts";
import { passed, runFaults } from "./run.ts";

/** Exit codes: 0 every lead is accounted for, 1 one is not or the run failed, 2 a flag is wrong. */
try {
  const options = readFaultOptions(process.argv.slice(2));
  const summary = await runFaults(options, (line) => console.log(line));
  console.log(faultTable(summary));
  if (options.json) console.log(JSON.stringify(summary));
  process.exitCode = passed(summary) ? 0 : 1;
} catch (error) {
  console.error(isForPeople(error) ? error.message : error);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
