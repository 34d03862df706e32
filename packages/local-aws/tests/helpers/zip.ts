import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";

/** Writes a zip with text files, as a function's deployment package. */
export function writeZip(path: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))));
}

/** Writes a stack folder's cdk.tf.json. */
export function writeStackFile(folder: string, content: unknown): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(content, null, 2));
  return folder;
}
