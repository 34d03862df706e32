import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentNames } from "../../environments/index.ts";
import { differenceDocument } from "./differences.ts";
import { stackDocument } from "./document.ts";
import { stackOf, type TerraformFile } from "./stack.ts";

/** The stacks that are shown whole, and those that are shown as differences from the first of them. */
const [base, state] = ["leadwire-dev", "leadwire-state"];
const variants = environmentNames.map((name) => `leadwire-${name}`).filter((name) => name !== base);

type TerraformFiles = Readonly<Record<string, TerraformFile>>;

/** Reads every stack of the inventory from the folder of a synthesis. */
export function readStacks(outdir: string): TerraformFiles {
  const read = (name: string): TerraformFile =>
    JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));
  return Object.fromEntries([base, ...variants, state].map((name) => [name, read(name)]));
}

/** The inventory's documents by the stack that each one is about. */
export function inventory(files: TerraformFiles): Readonly<Record<string, string>> {
  const stack = (name: string) => stackOf(name, files[name] ?? {});
  return Object.fromEntries([
    ...[base, state].map((name) => [name, stackDocument(stack(name))]),
    ...variants.map((name) => [name, differenceDocument(stack(name), stack(base))]),
  ]);
}
