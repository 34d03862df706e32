import { mkdirSync } from "node:fs";
import { App } from "cdktf";
import { once } from "es-toolkit";
import { pick } from "es-toolkit/object";
import { checkEnvironments } from "../environments/check.ts";
import { ci } from "../environments/ci.ts";
import { type Environment, isPlaceholder } from "../environments/environment.ts";
import {
  deployedNames,
  type EnvironmentName,
  environmentNames,
  environments as ownEnvironments,
} from "../environments/index.ts";
import { state } from "../environments/state.ts";
import { type FunctionName, functionNames } from "../flow.ts";
import { type Bundle, bundleFunction } from "../modules/build/bundle.ts";
import { CiStack } from "./ci.ts";
import type { ConsumerRegistry } from "./consumers/consumer.ts";
import { consumersOf, consumers as ownConsumers } from "./consumers/index.ts";
import { LeadPipelineStack } from "./pipeline.ts";
import { type StateBackend, StateBackendStack } from "./state-backend.ts";

type Name = EnvironmentName | "state" | "ci";
export type StackName = `leadwire-${Name}`;

export interface SynthesizeOptions {
  /** @default all of them */
  readonly stacks?: readonly StackName[];
  /** @default s3 */
  readonly stateBackend?: StateBackend;
  /** @default those in environments/ */
  readonly environments?: Readonly<Record<EnvironmentName, Environment>>;
  /** @default those in stacks/consumers/ */
  readonly consumers?: ConsumerRegistry;
  /** @default those of `bundleFunctions` */
  readonly bundles?: Bundles;
}

/** The functions' code. */
export type Bundles = Readonly<Record<FunctionName, Bundle>>;

const stackName = <Of extends Name>(name: Of) => `leadwire-${name}` as const;
const allStacks: readonly StackName[] = [...environmentNames, "state" as const, "ci" as const].map(stackName);

/**
 * Writes stacks/NAME/cdk.tf.json and its assets for every stack into a folder. The same sources give the same bytes,
 * whatever the folder and the caller.
 * @throws InvalidEnvironmentsError with every violation of every environment, whichever stacks are asked for
 * @throws UnknownConsumerError
 */
export async function synthesize(outdir: string, options: SynthesizeOptions = {}): Promise<void> {
  const { stacks = allStacks, stateBackend = "s3", environments = ownEnvironments, consumers = ownConsumers } = options;
  checkEnvironments(environments);
  const all = environmentNames.map((name) => [name, consumersOf(consumers, name, environments[name])] as const);
  const pipelines = all.filter(([name]) => stacks.includes(stackName(name)));

  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, stackTraces: false });
  if (pipelines.length > 0) {
    const bundles = options.bundles ?? (await bundleFunctions());
    for (const [environmentName, createConsumers] of pipelines) {
      new LeadPipelineStack(app, stackName(environmentName), {
        environmentName,
        environment: environments[environmentName],
        bundles,
        consumers: await createConsumers(),
        store: state,
      });
    }
  }
  if (stacks.includes("leadwire-state")) {
    const enabled = deployedNames.filter((name) => !isPlaceholder(environments[name]));
    const accounts = enabled.map((name) => [stackName(name), environments[name].accountId] as const);
    new StateBackendStack(app, "leadwire-state", {
      store: state,
      backend: stateBackend,
      accounts: Object.fromEntries(accounts),
    });
  }
  if (stacks.includes("leadwire-ci")) {
    new CiStack(app, "leadwire-ci", { ci, store: state, environments: pick(environments, deployedNames) });
  }
  withoutDeprecations(() => app.synth());
}

/** cdktf 0.21, its last release, calls util.isArray for every output. Without this Node 24 would warn at every synth. */
export function withoutDeprecations(work: () => void): void {
  const before = process.noDeprecation ?? false;
  process.noDeprecation = true;
  try {
    work();
  } finally {
    process.noDeprecation = before;
  }
}

/** Bundles the functions, once in a process: it is most of the work of a synthesis, and sources do not change. */
export const bundleFunctions = once(async (): Promise<Bundles> => {
  const bundle = async (name: FunctionName) => [name, await bundleFunction(`functions/${name}/index.ts`)] as const;
  return Object.fromEntries(await Promise.all(functionNames.map(bundle))) as Bundles;
});
