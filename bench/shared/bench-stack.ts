import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import type { StageName } from "../../flow.ts";
import { Variable } from "../../functions/runtime/names.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import { tempFolder } from "../../tests/helpers/temp-folder.ts";

const name = "leadwire-dev";

/**
 * Synthesizes the dev stack for a benchmark. Its API's throttle is open, because it would be what is measured.
 * @param change makes the environment another one. @default nothing else is changed
 * @returns the stack's folder, which is removed when this process ends
 */
export async function benchStack(change = (dev: Environment): Environment => dev): Promise<string> {
  const outdir = tempFolder();
  const dev = change({ ...environments.dev, api: { requestsPerSecond: 10_000, burst: 5000 } });
  await synthesize(outdir, { stacks: [name], environments: { ...environments, dev } });
  return join(outdir, "stacks", name);
}

interface LambdaFunction {
  readonly function_name: string;
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
}

/**
 * The environment variables that the stack gives to a function, with AWS and its queues at another place. References to
 * other resources stay as Terraform writes them.
 * @param endpoint URL of AWS
 */
export function functionVariables(stackDir: string, stage: StageName, endpoint: string): Record<string, string> {
  const { resource } = JSON.parse(readFileSync(join(stackDir, "cdk.tf.json"), "utf8"));
  const functions: LambdaFunction[] = Object.values(resource.aws_lambda_function);
  const { environment } = functions.find(({ function_name }) => function_name === `${name}-${stage}`) ?? {};
  if (!environment) throw new Error(`The stack has no function ${name}-${stage}.`);
  return {
    ...environment.variables,
    [Variable.queueUrl]: `${endpoint}/000000000000/queue`,
    [Variable.deadLetterQueueUrl]: `${endpoint}/000000000000/dead-letters`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: environments.dev.region,
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
  };
}
