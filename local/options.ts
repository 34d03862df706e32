import { parseArgs } from "node:util";
import { type EnvironmentName, environmentNames } from "../environments/index.ts";
import { OptionError } from "./errors.ts";

export const slackModes = ["up", "down", "slow", "limited", "resetting", "silent"] as const;
export type SlackMode = (typeof slackModes)[number];

export interface RunOptions {
  /** The environment whose stack runs, as `leadwire-ENV`. @default dev */
  readonly env: EnvironmentName;
  /** Leads that the CRM sends. 0 to 1,000,000. @default 10 */
  readonly leads: number;
  /** Leads a second; undefined sends all at once. Above 0, at most 100,000. */
  readonly rate: number | undefined;
  /** How the stand-in for Slack behaves. @default up */
  readonly slack: SlackMode;
  /** What made-up people, secrets and ids are drawn from. @default 1 */
  readonly seed: number;
  /** A folder with cdk.tf.json and its assets; undefined synthesizes. */
  readonly stack: string | undefined;
  /** End after the summary. */
  readonly exit: boolean;
  /** Print the summary as one JSON object on the last line. */
  readonly json: boolean;
}

function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new OptionError(`--${flag} ${value}: allowed are ${allowed.join(", ")}.`);
  return found;
}

function numeric(flag: string, value: string, [low, high]: [number, number], whole: boolean): number {
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (!(number >= low && number <= high) || (whole && !Number.isInteger(number))) {
    const kind = whole ? "a whole number" : "a number";
    throw new OptionError(`--${flag} ${value}: allowed is ${kind} from ${low} to ${high}.`);
  }
  return number;
}

/**
 * Reads the flags of `npm start`.
 * @throws OptionError with flag, value and what is allowed, in one line
 */
export function readOptions(args: readonly string[]): RunOptions {
  const { values } = parse(args);
  return {
    env: oneOf("env", values.env ?? "dev", environmentNames),
    leads: numeric("leads", values.leads ?? "10", [0, 1_000_000], true),
    rate: values.rate === undefined ? undefined : numeric("rate", values.rate, [0.01, 100_000], false),
    slack: oneOf("slack", values.slack ?? "up", slackModes),
    seed: numeric("seed", values.seed ?? "1", [0, Number.MAX_SAFE_INTEGER], true),
    stack: values.stack,
    exit: values.exit ?? false,
    json: values.json ?? false,
  };
}

const flags = {
  env: { type: "string" },
  leads: { type: "string" },
  rate: { type: "string" },
  slack: { type: "string" },
  seed: { type: "string" },
  stack: { type: "string" },
  exit: { type: "boolean" },
  json: { type: "boolean" },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: false });
  } catch (error) {
    const usage = Object.entries(flags).map(([name, { type }]) =>
      type === "string" ? `--${name} VALUE` : `--${name}`,
    );
    const reason = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new OptionError(`${reason}; allowed are ${usage.join(" ")}.`);
  }
}
