import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "../..");
let imports = 0;

/** Imports a module of the repository anew, though what it imports itself is shared. @param path from the root */
export function freshImport<T = unknown>(path: string): Promise<T> {
  imports += 1;
  return import(`${pathToFileURL(join(root, path)).href}?fresh=${imports}`);
}
