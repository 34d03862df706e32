import type { OptionSpecs, Values } from "../../command-line/options.ts";
import { type Command, runCommand } from "../../command-line/program.ts";

/**
 * The values that a command gets for a line.
 * @throws Error with what the command line's user reads, when the line is refused
 */
export async function valuesOf<Options extends OptionSpecs, Ports>(
  { name, summary, options }: Command<Options, Ports>,
  line: string,
): Promise<Values<Options>> {
  const errors: unknown[] = [];
  let seen: Values<Options> | undefined;
  const reading: Command<Options> = {
    name,
    summary,
    options,
    run: async (values) => {
      seen = values;
      return 0;
    },
  };
  const terminal = { print: () => {}, error: (problem: unknown) => errors.push(problem) };
  const code = await runCommand(reading, line.split(" ").filter(Boolean), terminal, undefined);
  if (seen === undefined) throw new Error(`${errors.join("\n")}\nexit code ${code}`);
  return seen;
}
