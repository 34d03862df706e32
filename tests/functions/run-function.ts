import { withVariables } from "../helpers/variables.ts";

/** What a function wrote: log lines and metrics, as JSON. */
export type Line = Readonly<Record<string, unknown>>;

const common = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  LEADWIRE_ENVIRONMENT: "test",
  LEADS_BUCKET: "leads",
  POWERTOOLS_LOG_LEVEL: "INFO",
};

let imports = 0;

/**
 * Imports a function's `index.ts` and uses it, with environment variables, as Lambda does.
 * @param variables in addition to the Region, the credentials, the environment's name and the bucket
 */
export async function withFunction<Module, Result>(
  name: string,
  variables: Readonly<Record<string, string>>,
  use: (module: Module) => Promise<Result>,
): Promise<Result> {
  const set: Readonly<Record<string, string>> = { ...common, ...variables };
  imports += 1;
  return withVariables(set, async () => use(await import(`../../functions/${name}/index.ts?import=${imports}`)));
}

/** The context of an invocation that may take so many milliseconds. */
export const lambdaContext = (milliseconds: number) => ({
  awsRequestId: "invocation-1",
  getRemainingTimeInMillis: () => milliseconds,
});

/** Collects what is written to standard output and standard error meanwhile. */
export async function withOutput<Result>(work: () => Promise<Result>): Promise<{ result: Result; lines: Line[] }> {
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  let output = "";
  for (const { stream } of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      output += chunk;
      return true;
    };
  }
  try {
    const result = await work();
    const lines = output.split("\n").filter(Boolean);
    return { result, lines: lines.map((line) => JSON.parse(line)) };
  } finally {
    for (const { stream, write } of streams) stream.write = write;
  }
}

/** The message of the error that importing a function fails with. */
export async function importFailure(name: string, variables: Readonly<Record<string, string>>): Promise<string> {
  try {
    await withFunction(name, variables, async () => {});
  } catch (error) {
    return String(error);
  }
  throw new Error("The function was expected not to start.");
}
