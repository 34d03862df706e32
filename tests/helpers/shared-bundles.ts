import { hash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FunctionName, functionNames } from "../../flow.ts";
import type { Bundle } from "../../modules/build/bundle.ts";
import { type Bundles, bundleFunctions } from "../../stacks/synthesize.ts";
import { madeOnce } from "./made-once.ts";

/** The functions' code, as it is deployed. All tests of a run share it, because bundling is most of the work of a synthesis. */
export async function sharedBundles(): Promise<Bundles> {
  const folder = await madeOnce("bundles", async (made) => {
    for (const [name, { zip }] of Object.entries(await bundleFunctions())) writeFileSync(join(made, name), zip);
  });
  const bundle = (name: FunctionName): Bundle => {
    const zip = readFileSync(join(folder, name));
    return { zip, sha256: hash("sha256", zip, "base64") };
  };
  return Object.fromEntries(functionNames.map((name) => [name, bundle(name)])) as Bundles;
}
