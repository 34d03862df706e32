import { parseArgs } from "node:util";
import { OpsError } from "./errors.ts";
import { type QueueName, queueNames } from "./redrive.ts";

export type Command =
  | { readonly name: "dead-letters list"; readonly outputs: string; readonly queue: QueueName; readonly json: boolean }
  | {
      readonly name: "dead-letters redrive";
      readonly outputs: string;
      readonly queue: QueueName;
      readonly errorClass: string | undefined;
      readonly dryRun: boolean;
    }
  | { readonly name: "replay"; readonly outputs: string; readonly key: string };

export const usage = `npm run ops -- dead-letters list    --outputs FILE --queue ${queueNames.join("|")} [--json]
npm run ops -- dead-letters redrive --outputs FILE --queue ${queueNames.join("|")} [--class CLASS] [--dry-run]
npm run ops -- replay               --outputs FILE --key KEY

FILE holds the stack's outputs: cdktf output leadwire-ENV --outputs-file FILE
Credentials are those of the AWS CLI; AWS_PROFILE chooses among them.`;

const flags = {
  outputs: { type: "string" },
  queue: { type: "string" },
  class: { type: "string" },
  key: { type: "string" },
  "dry-run": { type: "boolean" },
  json: { type: "boolean" },
} as const;

const allowed: Readonly<Record<Command["name"], readonly string[]>> = {
  "dead-letters list": ["outputs", "queue", "json"],
  "dead-letters redrive": ["outputs", "queue", "class", "dry-run"],
  replay: ["outputs", "key"],
};

/**
 * Reads the command line.
 * @throws OpsError Usage with what is wrong, in one line
 */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const name = Object.keys(allowed).find((known) => known === positionals.join(" ")) as Command["name"] | undefined;
  if (name === undefined) {
    const given = positionals.join(" ");
    const problem = given === "" ? "No command" : `There is no command "${given}"`;
    throw new OpsError("Usage", `${problem}; commands are ${Object.keys(allowed).join(", ")}.`);
  }
  const stray = Object.keys(values).find((flag) => !allowed[name].includes(flag));
  if (stray !== undefined) throw new OpsError("Usage", `${name} takes no --${stray}.`);
  const needed = (flag: "outputs" | "queue" | "key"): string => {
    const value = values[flag];
    if (value) return value;
    throw new OpsError("Usage", `${name} needs --${flag}.`);
  };
  const outputs = needed("outputs");
  if (name === "replay") return { name, outputs, key: needed("key") };
  const queue = queueName(needed("queue"));
  if (name === "dead-letters list") return { name, outputs, queue, json: values.json ?? false };
  return { name, outputs, queue, errorClass: values.class, dryRun: values["dry-run"] ?? false };
}

function queueName(value: string): QueueName {
  const known = queueNames.find((name) => name === value);
  if (known === undefined) throw new OpsError("Usage", `--queue ${value}: allowed are ${queueNames.join(", ")}.`);
  return known;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (error) {
    throw new OpsError("Usage", error instanceof Error ? `${error.message.split(". ")[0]}.` : String(error));
  }
}
