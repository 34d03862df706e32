import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { deployedNames, type EnvironmentName } from "../../environments/index.ts";
import { type StackName, synthesize } from "../../stacks/synthesize.ts";
import { madeOnce } from "./made-once.ts";
import { sharedBundles } from "./shared-bundles.ts";

/** A block of cdk.tf.json: what a resource, data source or output sets. */
export type Block = Readonly<Record<string, unknown>>;

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

interface TerraformFile {
  readonly terraform: { readonly required_version: string; readonly backend: Block };
  readonly provider: { readonly aws: readonly Block[] };
  readonly data?: Blocks;
  readonly resource: Blocks;
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
}

/** A synthesized stack, its JSON parsed once. */
export class SynthesizedStack {
  readonly folder: string;
  readonly file: TerraformFile;

  constructor(folder: string) {
    this.folder = folder;
    this.file = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as TerraformFile;
  }

  /** Every resource as `type.name`, sorted. */
  get addresses(): string[] {
    return Object.entries(this.file.resource)
      .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`))
      .sort();
  }

  /** Every resource of a type by its name. */
  all(type: string): [name: string, block: Block][] {
    return Object.entries(this.file.resource[type] ?? {});
  }

  /** The resource at an address; the test fails when it is not there. */
  resource(address: string): Block {
    const [type = "", name = ""] = address.split(".");
    const block = this.file.resource[type]?.[name];
    assert.ok(block, `${address} is in the stack`);
    return block as Block;
  }

  /** What a resource sets, without the metadata of cdktf. */
  settings(address: string): Block {
    const { "//": _, ...settings } = this.resource(address);
    return settings;
  }

  /** The statements of the policy that a resource has. */
  statements(address: string): PolicyStatement[] {
    return parsed<{ Statement: PolicyStatement[] }>(this.resource(address).policy).Statement;
  }
}

/** A Terraform reference, as it stands in the JSON. */
export const ref = (path: string) => `\${${path}}`;

/** JSON inside the JSON: policies, patterns, dashboards. */
export const parsed = <T = Block>(json: unknown) => JSON.parse(String(json)) as T;

/** A stack as it stands in the repository; all tests of a run share one synthesis. */
export async function synthesizedStack(name: StackName): Promise<SynthesizedStack> {
  const folder = await madeOnce("synthesis", async (outdir) => synthesize(outdir, { bundles: await sharedBundles() }));
  return new SynthesizedStack(join(folder, "stacks", name));
}

/** The stack of every environment that is deployed, as it stands in the repository. */
export const shippedStacks = (): Promise<(readonly [name: EnvironmentName, stack: SynthesizedStack])[]> =>
  Promise.all(deployedNames.map(async (name) => [name, await synthesizedStack(`leadwire-${name}`)] as const));
