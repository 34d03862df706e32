import { type OptionSpecs, oneOf, operand, wholeNumber, withDefault } from "../command-line/options.ts";
import type { Command } from "../command-line/program.ts";
import { deployedNames } from "../environments/index.ts";

export type StackWord = (typeof deployedNames)[number] | "state" | "ci";

/** What the commands have to work with. */
export interface DeployPorts {
  print(line: string): void;
  /** Prints beside the result. */
  warn(line: string): void;
  /** What to do about account ids that nobody has replaced, a sentence each. */
  placeholders(name: StackWord): readonly string[];
  /** Writes `stacks/leadwire-NAME` into a folder. */
  synthesize(outdir: string, name: StackWord): Promise<void>;
  /** Folder for synthesized stacks and for plans. */
  readonly outdir: string;
  /** Folder with the provider lock files. */
  readonly lockFiles: string;
  /** Folder for the files with stacks' outputs. */
  readonly outputs: string;
}

/** A command of those who deploy. `run` throws DeployError. */
export const deployCommand = <Options extends OptionSpecs>(command: Command<Options, DeployPorts>) => command;

/** Options of plan and apply. */
export const stack = operand(
  "The stack: an environment, state for the bucket with Terraform's state, or ci for the roles of workflows.",
  oneOf<StackWord>([...deployedNames, "state", "ci"]),
  "dev",
);
export const lockMinutes = withDefault(
  "10",
  "Minutes to wait while another run holds the lock of the stack's state.",
  wholeNumber(0, 120),
  "30",
);
