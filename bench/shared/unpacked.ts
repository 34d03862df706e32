import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sumBy } from "es-toolkit";
import { unzipSync } from "fflate";
import { bundleFunction } from "../../modules/build/bundle.ts";

/**
 * Bundles an entry point as the stack does, and unpacks it into a folder of its own, as Lambda does.
 * @returns the path of the module to import, the bytes of the files that its import loads at a cold start, the files that are
 * loaded later, with their bytes, and the zip's bytes
 */
export async function unpackedBundle(entry: string, folder: string) {
  const { zip } = await bundleFunction(entry);
  const files = unzipSync(zip);
  mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  const atStart = importedFiles(files, "index.mjs");
  const sizes = Object.entries(files).map(([file, { length }]) => [file, length] as const);
  return {
    module: join(folder, "index.mjs"),
    startBytes: sumBy(sizes, ([file, bytes]) => (atStart.has(file) ? bytes : 0)),
    later: sizes.filter(([file]) => !atStart.has(file)),
    zipBytes: zip.length,
  };
}

/** A file of a bundle and all files that its static imports load. */
function importedFiles(files: Readonly<Record<string, Uint8Array>>, first: string): ReadonlySet<string> {
  const imported = new Set([first]);
  for (const file of imported) {
    const code = Buffer.from(files[file] ?? []).toString();
    for (const [, name = ""] of code.matchAll(/\b(?:from|import)"\.\/([^"]+)"/g)) imported.add(name);
  }
  return imported;
}
