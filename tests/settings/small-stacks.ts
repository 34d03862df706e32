import { join } from "node:path";
import type { Environment } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import { sharedBundles } from "../helpers/shared-bundles.ts";
import { SynthesizedStack } from "../helpers/synth.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { production, sandbox } from "./small-environments.ts";

/** A small environment and the stack that it makes. */
export interface Small {
  /** The name of the environment in whose place it stands. */
  readonly name: "dev" | "staging";
  readonly environment: Environment;
  readonly stack: SynthesizedStack;
}

/** Synthesizes both small environments, and the stack of their state. */
export async function smallStacks(): Promise<{ readonly smalls: readonly Small[]; readonly state: SynthesizedStack }> {
  const folder = tempFolder();
  await synthesize(folder, {
    stacks: ["leadwire-dev", "leadwire-staging", "leadwire-state"],
    environments: { ...environments, dev: sandbox, staging: production, prod: production },
    bundles: await sharedBundles(),
  });
  const stack = (name: string) => new SynthesizedStack(join(folder, "stacks", `leadwire-${name}`));
  return {
    smalls: [
      { name: "dev", environment: sandbox, stack: stack("dev") },
      { name: "staging", environment: production, stack: stack("staging") },
    ],
    state: stack("state"),
  };
}
