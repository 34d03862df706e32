import { parseArgs } from "node:util";
import { type EnvironmentName, environmentNames } from "../../environments/index.ts";
import { OptionError } from "../errors.ts";
import { type FaultName, faultNames } from "./faults.ts";

export interface FaultOptions {
  /** @default dev */
  readonly env: EnvironmentName;
  /** Leads, sent evenly over the minutes; poison comes on top. 1 to 100,000. @default 300 */
  readonly leads: number;
  /** What faults, people and ids are drawn from. @default 1 */
  readonly seed: number;
  /** How long leads are sent and faults happen, 0.1 to 120. @default 1 */
  readonly minutes: number;
  /** @default every fault */
  readonly faults: readonly FaultName[];
  /** Print the figures as one JSON object on the last line. */
  readonly json: boolean;
}

const flags = {
  env: { type: "string" },
  leads: { type: "string" },
  seed: { type: "string" },
  minutes: { type: "string" },
  faults: { type: "string" },
  json: { type: "boolean" },
} as const;

/**
 * Reads the flags of `npm run faults`.
 * @throws OptionError with flag, value and what is allowed, in one line
 */
export function readFaultOptions(args: readonly string[]): FaultOptions {
  const values = parse(args);
  const env = environmentNames.find((name) => name === (values.env ?? "dev"));
  if (env === undefined) throw new OptionError(`--env ${values.env}: allowed are ${environmentNames.join(", ")}.`);
  const minutes = Number(values.minutes ?? 1);
  if (!(minutes >= 0.1 && minutes <= 120)) throw new OptionError(`--minutes ${values.minutes}: allowed is 0.1 to 120.`);
  return {
    env,
    leads: whole("leads", values.leads ?? "300", 1, 100_000),
    seed: whole("seed", values.seed ?? "1", 0, 2 ** 32 - 1),
    minutes,
    faults: faultList(values.faults ?? "all"),
    json: values.json ?? false,
  };
}

function whole(flag: string, value: string, low: number, high: number): number {
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (Number.isInteger(number) && number >= low && number <= high) return number;
  throw new OptionError(`--${flag} ${value}: allowed is a whole number from ${low} to ${high}.`);
}

function faultList(value: string): readonly FaultName[] {
  if (value === "all") return faultNames;
  if (value === "none") return [];
  return value.split(",").map((given) => {
    const known = faultNames.find((name) => name === given);
    if (known !== undefined) return known;
    throw new OptionError(`--faults ${given}: allowed are all, none, and a list of ${faultNames.join(", ")}.`);
  });
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: false }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(". ")[0] : String(error);
    const allowed = Object.entries(flags).map(([name, { type }]) =>
      type === "string" ? `--${name} VALUE` : `--${name}`,
    );
    throw new OptionError(`${reason}; allowed are ${allowed.join(" ")}.`);
  }
}
