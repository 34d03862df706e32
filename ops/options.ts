import { parseArgs } from "node:util";
import { type EnvironmentName, environmentNames } from "../environments/index.ts";
import { OpsError } from "./errors.ts";
import { type QueueName, queueNames } from "./redrive.ts";

/** A command about leads under way, which works on what the stack's outputs name. */
export type PipelineCommand =
  | { readonly name: "dead-letters list"; readonly outputs: string; readonly queue: QueueName; readonly json: boolean }
  | {
      readonly name: "dead-letters redrive";
      readonly outputs: string;
      readonly queue: QueueName;
      readonly errorClass: string | undefined;
      readonly dryRun: boolean;
    }
  | { readonly name: "replay"; readonly outputs: string; readonly key: string };

/** A command about SES, which works on what the environment says, deployed or not. */
export type EmailCommand =
  | { readonly name: "email status"; readonly env: EnvironmentName; readonly json: boolean }
  | { readonly name: "email request-production"; readonly env: EnvironmentName; readonly dryRun: boolean }
  | { readonly name: "email unsuppress"; readonly env: EnvironmentName; readonly address: string };

export type Command = PipelineCommand | EmailCommand;

const queues = queueNames.join("|");
const environments = environmentNames.join("|");

export const usage = `npm run ops -- dead-letters list         --outputs FILE --queue ${queues} [--json]
npm run ops -- dead-letters redrive      --outputs FILE --queue ${queues} [--class CLASS] [--dry-run]
npm run ops -- replay                    --outputs FILE --key KEY
npm run ops -- email status              --env ${environments} [--json]
npm run ops -- email request-production  --env ${environments} [--dry-run]
npm run ops -- email unsuppress          --env ${environments} --address ADDRESS

FILE holds the stack's outputs: cdktf output leadwire-ENV --outputs-file FILE
Credentials are those of the AWS CLI; AWS_PROFILE chooses among them.`;

const flags = {
  outputs: { type: "string" },
  queue: { type: "string" },
  class: { type: "string" },
  key: { type: "string" },
  env: { type: "string" },
  address: { type: "string" },
  "dry-run": { type: "boolean" },
  json: { type: "boolean" },
} as const;

const allowed: Readonly<Record<Command["name"], readonly (keyof typeof flags)[]>> = {
  "dead-letters list": ["outputs", "queue", "json"],
  "dead-letters redrive": ["outputs", "queue", "class", "dry-run"],
  replay: ["outputs", "key"],
  "email status": ["env", "json"],
  "email request-production": ["env", "dry-run"],
  "email unsuppress": ["env", "address"],
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
  const stray = Object.keys(values).find((flag) => !allowed[name].some((known) => known === flag));
  if (stray !== undefined) throw new OpsError("Usage", `${name} takes no --${stray}.`);
  const needed = (flag: "outputs" | "queue" | "key" | "env" | "address"): string => {
    const value = values[flag];
    if (value) return value;
    throw new OpsError("Usage", `${name} needs --${flag}.`);
  };
  const { json = false, "dry-run": dryRun = false, class: errorClass } = values;
  const outputs = () => needed("outputs");
  const queue = () => oneOf("queue", needed("queue"), queueNames);
  const env = () => oneOf("env", needed("env"), environmentNames);
  switch (name) {
    case "dead-letters list":
      return { name, outputs: outputs(), queue: queue(), json };
    case "dead-letters redrive":
      return { name, outputs: outputs(), queue: queue(), errorClass, dryRun };
    case "replay":
      return { name, outputs: outputs(), key: needed("key") };
    case "email status":
      return { name, env: env(), json };
    case "email request-production":
      return { name, env: env(), dryRun };
    case "email unsuppress":
      return { name, env: env(), address: emailAddress(needed("address")) };
  }
}

function oneOf<Name extends string>(flag: string, value: string, names: readonly Name[]): Name {
  const known = names.find((name) => name === value);
  if (known === undefined) throw new OpsError("Usage", `--${flag} ${value}: allowed are ${names.join(", ")}.`);
  return known;
}

function emailAddress(value: string): string {
  if (/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(value)) return value;
  throw new OpsError("Usage", `--address ${value}: allowed is a plain email address, such as sales@example.com.`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (error) {
    throw new OpsError("Usage", error instanceof Error ? `${error.message.split(". ")[0]}.` : String(error));
  }
}
