import { createHash, randomBytes } from "node:crypto";
import { UnsupportedStackError } from "../errors.ts";
import { field } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";

/**
 * Rounds of a chain in which Lambda stops a function: it was invoked that often because of one event.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const recursionLimit = 16;

/** Stands for a function in a lineage. */
const hashOf = (functionArn: string) => createHash("sha256").update(functionArn).digest("hex").slice(0, 8);

/** `Lineage=a87bd80c:1|68fd508a:5` of a trace header: functions with their rounds so far. */
function lineageOf(traceHeader: string): [hash: string, rounds: number][] {
  const [, lineage = ""] = /(?:^|;)Lineage=([^;]*)/.exec(traceHeader) ?? [];
  return [...lineage.matchAll(/([0-9a-f]{8}):(\d+)/g)].map(([, hash = "", rounds]) => [hash, Number(rounds)]);
}

/** What an invocation says of itself in the calls that it makes. */
export interface Trace {
  /** Of the environment variable `_X_AMZN_TRACE_ID`, which SDKs send as the header `X-Amzn-Trace-Id`. */
  readonly header: string;
  /** How often the function was invoked before because of the same event, 0 for the first time. */
  readonly round: number;
}

/**
 * The trace of an invocation. Its lineage counts the rounds of every function of the chain.
 * @param causes trace headers of what the function is invoked for; each function's highest count goes on
 */
export function traceOf(functionArn: string, causes: readonly string[]): Trace {
  const rounds = new Map<string, number>();
  for (const [hash, count] of causes.flatMap(lineageOf)) rounds.set(hash, Math.max(count, rounds.get(hash) ?? 0));
  const own = hashOf(functionArn);
  const round = (rounds.get(own) ?? -1) + 1;
  rounds.set(own, round);
  const lineage = [...rounds].map((entry) => entry.join(":")).join("|");
  const root = `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
  const header = `Root=${root};Parent=${randomBytes(8).toString("hex")};Sampled=0;Lineage=${lineage}`;
  return { header, round };
}

/**
 * Whether a function's recursion configuration lets it go on in a chain. Without one it does not.
 * @throws UnsupportedStackError for a value that Lambda does not know
 */
export function recursionAllowed({ values: { function_name, arn } }: Resource, stack: Stack): boolean {
  const configuration = stack
    .of("aws_lambda_function_recursion_config")
    .find(({ values }) => values.function_name === function_name || values.function_name === arn);
  if (!configuration) return false;
  const loop = field(configuration, "recursive_loop");
  if (loop === "Allow" || loop === "Terminate") return loop === "Allow";
  throw new UnsupportedStackError(configuration.address, `recursive_loop is ${loop}; Lambda takes Allow or Terminate.`);
}
