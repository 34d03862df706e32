import { mkdirSync } from "node:fs";
import { App } from "cdktf";
import { checkEnvironments } from "../environments/check.ts";
import type { Environment } from "../environments/environment.ts";
import { type EnvironmentName, environmentNames, environments as ownEnvironments } from "../environments/index.ts";
import { state } from "../environments/state.ts";
import { bundleFunction } from "../modules/bundle.ts";
import type { Bundles, FunctionName } from "./lead-functions.ts";
import { LeadPipelineStack } from "./lead-pipeline.ts";
import { type StateBackend, StateBackendStack } from "./state-backend.ts";

export type StackName = `leadwire-${EnvironmentName | "state"}`;

export interface SynthesizeOptions {
  /** @default all of them */
  readonly stacks?: readonly StackName[];
  /** @default s3 */
  readonly stateBackend?: StateBackend;
  /** @default those in environments/ */
  readonly environments?: Readonly<Record<EnvironmentName, Environment>>;
}

const stackName = <Name extends EnvironmentName | "state">(name: Name) => `leadwire-${name}` as const;
const allStacks: readonly StackName[] = [...environmentNames, "state" as const].map(stackName);

/**
 * Writes stacks/NAME/cdk.tf.json and its assets for every stack into a folder. The same sources give the same bytes,
 * whatever the folder and the caller.
 * @throws InvalidEnvironmentsError naming every broken rule of every environment, whichever stacks are asked for
 */
export async function synthesize(outdir: string, options: SynthesizeOptions = {}): Promise<void> {
  const { stacks = allStacks, stateBackend = "s3", environments = ownEnvironments } = options;
  checkEnvironments(environments);
  const pipelines = environmentNames.filter((name) => stacks.includes(stackName(name)));

  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, stackTraces: false });
  if (pipelines.length > 0) {
    const bundles = await bundleFunctions();
    for (const name of pipelines) {
      const environment = environments[name];
      new LeadPipelineStack(app, stackName(name), { environmentName: name, environment, bundles, store: state });
    }
  }
  if (stacks.includes("leadwire-state")) {
    const accounts = environmentNames.map((name) => [stackName(name), environments[name].accountId] as const);
    new StateBackendStack(app, "leadwire-state", {
      store: state,
      backend: stateBackend,
      accounts: Object.fromEntries(accounts),
    });
  }
  withoutDeprecations(() => app.synth());
}

/** cdktf 0.21, its last release, calls util.isArray for every output, and Node 24 would say so at every synth. */
function withoutDeprecations(work: () => void): void {
  const before = process.noDeprecation ?? false;
  process.noDeprecation = true;
  try {
    work();
  } finally {
    process.noDeprecation = before;
  }
}

async function bundleFunctions(): Promise<Bundles> {
  const bundle = (name: FunctionName) => bundleFunction(`functions/${name}/index.ts`);
  const [ingest, enrich, notify] = await Promise.all([bundle("ingest"), bundle("enrich"), bundle("notify")]);
  return { ingest, enrich, notify };
}
