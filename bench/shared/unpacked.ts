import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { bundleFunction } from "../../modules/build/bundle.ts";

/**
 * Bundles an entry point as the stack does, and unpacks it into a folder of its own, as Lambda does.
 * @returns the path of the module to import, its bytes, which are loaded at a cold start, and the zip's bytes
 */
export async function unpackedBundle(entry: string, folder: string) {
  const { zip } = await bundleFunction(entry);
  const files = unzipSync(zip);
  mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  const moduleBytes = files["index.mjs"]?.length ?? 0;
  return { module: join(folder, "index.mjs"), moduleBytes, zipBytes: zip.length };
}
