import { Argument, Command as Commander, CommanderError, InvalidArgumentError, Option } from "commander";
import { kebabCase, partition } from "es-toolkit";
import { LeadwireError } from "../errors.ts";
import type { Kind, OptionSpec, OptionSpecs, Values } from "./options.ts";

/** Where a program writes. */
export interface Terminal {
  print(line: string): void;
  /** Errors: sentences for people, or an error of somebody else's. */
  error(problem: unknown): void;
}

/** A value that only the command itself can judge is wrong: exit code 2. The message names the option and what is allowed. */
export class UsageError extends LeadwireError {
  constructor(message: string) {
    super("Usage", message);
  }
}

/** Something that a user can run. */
export interface Command<Options extends OptionSpecs = OptionSpecs, Ports = void> {
  /** As a user types it. In a program with groups, `GROUP NAME`. */
  readonly name: string;
  /** A sentence for the help. */
  readonly summary: string;
  readonly options: Options;
  /** @returns the exit code: 0 done, 1 something failed or is left to do */
  run(values: Values<Options>, ports: Ports): Promise<number>;
}

/** A program with several commands. */
export interface Program<Ports = void> {
  /** How it is called: `npm run ops --`. */
  readonly name: string;
  readonly summary: string;
  /** The first words of commands that have two, with a sentence each. */
  readonly groups?: Readonly<Record<string, string>>;
  readonly commands: readonly Command<OptionSpecs, Ports>[];
}

/**
 * Runs the command that the arguments name, or shows the help. Throws nothing.
 * @returns the exit code: the command's own; 1 when it throws; 2 when the command, an option or a value is wrong
 */
export async function runProgram<Ports>(
  { name, summary, groups = {}, commands }: Program<Ports>,
  args: readonly string[],
  output: Terminal,
  ports: Ports,
): Promise<number> {
  return execute(name, args, output, (root, finish) => {
    root.description(summary);
    const parents = new Map(Object.entries(groups).map(([word, text]) => [word, root.command(word).description(text)]));
    for (const command of commands) {
      const [group = "", word = group] = command.name.split(" ");
      define((parents.get(group) ?? root).command(word), command, ports, finish);
    }
  });
}

/** Runs a program that has one command only; see `runProgram`. */
export const runCommand = <Options extends OptionSpecs, Ports>(
  command: Command<Options, Ports>,
  args: readonly string[],
  output: Terminal,
  ports: Ports,
): Promise<number> => execute(command.name, args, output, (root, finish) => define(root, command, ports, finish));

type Finish = (exitCode: number) => void;

async function execute(
  name: string,
  args: readonly string[],
  output: Terminal,
  prepare: (root: Commander, finish: Finish) => void,
): Promise<number> {
  let exitCode = 0;
  const root = new Commander(name).exitOverride().configureOutput({
    writeOut: (text) => output.print(text.trimEnd()),
    writeErr: (text) => output.error(text.trimEnd()),
  });
  try {
    prepare(root, (code) => {
      exitCode = code;
    });
    await root.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has written its message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    output.error(error instanceof LeadwireError ? error.message : error);
    return error instanceof UsageError ? 2 : 1;
  }
}

function define<Options extends OptionSpecs, Ports>(
  commander: Commander,
  { summary, options, run }: Command<Options, Ports>,
  ports: Ports,
  finish: Finish,
): void {
  const [operands, named] = partition(Object.entries(options), ([, { positional }]) => positional === true);
  for (const [name, spec] of operands) commander.addArgument(commanderArgument(name, spec));
  const all = named.map(([name, spec]) => commanderOption(name, spec));
  for (const option of all) commander.addOption(option);
  commander
    .description(summary)
    .showHelpAfterError(`Allowed are ${[...all.map(({ flags }) => flags), "--help"].join(", ")}.`)
    .action(async () => {
      const given = operands.map(([name], index) => [name, commander.processedArgs[index]]);
      const values = { ...commander.opts(), ...Object.fromEntries(given) } as Values<Options>;
      // Commander's own check comes before its check for unknown options, and would hide a typo in a required one.
      const missing = all.find(
        (option) => options[option.attributeName()]?.required && values[option.attributeName()] === undefined,
      );
      if (missing) commander.error(`error: required option '${missing.flags}' not specified`);
      finish(await run(values, ports));
    });
}

/** Reads a value of a kind. A wrong one ends the program with exit code 2. */
const reader = (kind: Kind<unknown> | undefined) => (given: string) => {
  const value = kind?.read(given);
  if (value === undefined) throw new InvalidArgumentError(`Allowed: ${kind?.allowed}.`);
  return value;
};

function commanderArgument(name: string, { description, kind, example, required }: OptionSpec<unknown>): Argument {
  const help = `${description} Allowed: ${kind?.allowed}. Example: ${example}`;
  const word = kebabCase(name);
  return new Argument(required ? `<${word}>` : `[${word}]`, help).argParser(reader(kind));
}

function commanderOption(name: string, spec: OptionSpec<unknown>): Option {
  const { description, kind, example, required } = spec;
  const long = `--${kebabCase(name)}`;
  if (!kind) return new Option(long, `${description} Example: ${long}`).default(false);
  const read = reader(kind);
  const help = `${description} Allowed: ${kind.allowed}.${required ? " Required." : ""} Example: ${long} ${example}`;
  const option = new Option(`${long} <${kind.placeholder}>`, help);
  if (spec.repeatable) {
    return option.argParser((given, before: readonly unknown[]) => before.concat(read(given))).default([], "none");
  }
  option.argParser(read);
  return spec.default === undefined ? option : option.default(read(spec.default), spec.default);
}
