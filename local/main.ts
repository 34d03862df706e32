import { isForPeople, OptionError } from "./errors.ts";
import { readOptions } from "./options.ts";
import { run } from "./run.ts";

/** Exit codes: 0 every lead is accounted for; 1 one is not, a call was denied, or the run failed; 2 a flag is wrong. */
try {
  const options = readOptions(process.argv.slice(2));
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());
  const { denials, ...summary } = await run(options, {
    print: (line) => console.log(line),
    interrupted: interruption.signal,
  });
  if (options.json) console.log(JSON.stringify(summary));
  process.exitCode = summary.lost > 0 || denials.length > 0 ? 1 : 0;
} catch (error) {
  console.error(isForPeople(error) ? error.message : error);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
