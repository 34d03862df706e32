import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { bundleFunction } from "../../modules/build/bundle.ts";

/** A bundle as Lambda unpacks it. */
export interface Unpacked {
  /** Path of the module to import. */
  readonly module: string;
  readonly zipBytes: number;
  /** Bytes of what is loaded at a cold start. */
  readonly moduleBytes: number;
}

/** Bundles an entry point as the stack does, and unpacks it into a folder of its own. */
export async function unpackedBundle(entry: string, folder: string): Promise<Unpacked> {
  const { zip } = await bundleFunction(entry);
  const files = unzipSync(zip);
  mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  return {
    module: join(folder, "index.mjs"),
    zipBytes: zip.length,
    moduleBytes: files["index.mjs"]?.length ?? 0,
  };
}
