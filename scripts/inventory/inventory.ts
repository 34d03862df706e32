import { readFileSync } from "node:fs";
import { join } from "node:path";
import { difference } from "es-toolkit/array";
import { deployedNames } from "../../environments/index.ts";
import { consumers } from "../../stacks/consumers/index.ts";
import { consumersIn, withoutConsumers } from "./consumers.ts";
import { differenceDocument } from "./differences.ts";
import { stackDocument } from "./document.ts";
import { stackOf, type TerraformFile } from "./stack.ts";

/** The stacks that are shown whole, and those that are shown as differences from the first of them. */
const [base, ...others] = ["leadwire-dev", "leadwire-state", "leadwire-ci"] as const;
const variants = deployedNames.map((name) => `leadwire-${name}`).filter((name) => name !== base);

type TerraformFiles = Readonly<Record<string, TerraformFile>>;

/** Reads every stack of the inventory from the folder of a synthesis. */
export function readStacks(outdir: string): TerraformFiles {
  const read = (name: string): TerraformFile =>
    JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));
  return Object.fromEntries([base, ...variants, ...others].map((name) => [name, read(name)]));
}

/**
 * The inventory's documents by the stack that each one is about. A stack that does not have a consumer of the base is compared
 * with the base without it, so that a new consumer of the base changes no other document.
 * @param names of all consumers
 */
export function inventory(files: TerraformFiles, names = Object.keys(consumers)): Readonly<Record<string, string>> {
  const file = (name: string) => files[name] ?? {};
  const documentOf = (name: string) => {
    const has = consumersIn(file(name), names);
    const comparable = withoutConsumers(file(base), difference(names, has));
    return differenceDocument(stackOf(name, file(name)), stackOf(base, comparable), has);
  };
  return Object.fromEntries([
    ...[base, ...others].map((name) => [name, stackDocument(stackOf(name, file(name)))]),
    ...variants.map((name) => [name, documentOf(name)]),
  ]);
}
