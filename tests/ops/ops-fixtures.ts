import * as assert from "uvu/assert";
import type { OptionSpecs, Values } from "../../command-line/options.ts";
import { type Command, runProgram } from "../../command-line/program.ts";
import type { OpsPorts } from "../../ops/commands/command.ts";
import { ops } from "../../ops/commands/index.ts";
import type { Pipeline } from "../../ops/outputs.ts";

/** Clients that no command under test may ask for, and ports that need nothing. */
const nobody = {
  now: () => new Date(),
  standardInput: (): never => {
    throw new Error("This command reads no standard input.");
  },
  interruption: () => new AbortController().signal,
  sqs: (): never => {
    throw new Error("This command needs no SQS.");
  },
  s3: (): never => {
    throw new Error("This command needs no S3.");
  },
  ssm: (): never => {
    throw new Error("This command needs no SSM.");
  },
  dynamo: (): never => {
    throw new Error("This command needs no DynamoDB.");
  },
  fetch: (): never => {
    throw new Error("This command sends no request.");
  },
  currentRun: (): never => {
    throw new Error("This command needs no run.");
  },
  wait: async () => {},
  synthesize: (): never => {
    throw new Error("This command needs no stack.");
  },
  ses: (): never => {
    throw new Error("This command needs no SES.");
  },
};

export type TestPorts = Partial<Omit<OpsPorts, "print">>;

/** Ports whose clients are those of one Region: a command talks to no other one than its pipeline's. */
function inRegion(ports: TestPorts, expected: string | undefined): TestPorts {
  const only =
    <Client>(client: (region: string | undefined) => Client) =>
    (region: string | undefined) => {
      assert.is(region, expected, "the Region of a client");
      return client(region);
    };
  const { s3, sqs, dynamo } = { ...nobody, ...ports };
  return { ...ports, s3: only(s3), sqs: only(sqs), dynamo: only(dynamo) };
}

/** What a command prints, and its exit code. */
export async function run<Options extends OptionSpecs>(
  command: Command<Options, OpsPorts>,
  values: Omit<Values<Options>, "local">,
  ports: TestPorts,
): Promise<{ printed: string; warned: string; code: number }> {
  const lines: string[] = [];
  const warnings: string[] = [];
  const print = (line: string) => void lines.push(line);
  const warn = (line: string) => void warnings.push(line);
  const code = await command.run({ local: false, ...values } as unknown as Values<Options>, {
    ...nobody,
    warn,
    ...("outputs" in values ? inRegion(ports, (values.outputs as () => Pipeline)().region) : ports),
    print,
  });
  return { printed: lines.join("\n"), warned: warnings.join("\n"), code };
}

/** What the program prints for a command line, and its exit code. */
export async function runLine(line: string, ports: TestPorts = {}) {
  const lines: string[] = [];
  const errors: unknown[] = [];
  const print = (text: string) => void lines.push(text);
  const terminal = { print, error: (problem: unknown) => void errors.push(problem) };
  const all = { ...nobody, ...ports, print, warn: terminal.error };
  const code = await runProgram(ops, line.split(" ").filter(Boolean), terminal, all);
  return { printed: lines.join("\n"), errors: errors.map(String).join("\n"), code };
}
