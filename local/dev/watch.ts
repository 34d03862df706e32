import { EventEmitter, once } from "node:events";
import { watch } from "node:fs";
import { join, relative } from "node:path";
import { debounce } from "es-toolkit/function";

/** Milliseconds without a further change after which a change counts: editors and git write several files. */
const calm = 300;

/** Files of editors, which save under another name first. */
const isTemporary = (name: string) => /(^|\/)(\.|\d+$)|~$|\.(sw.|tmp)$/.test(name);

/**
 * Watches folders with all that is in them, until a signal comes.
 * @returns what waits for the next change, and gives the path of the file from `root`
 */
export function watchFolders(root: string, folders: readonly string[], signal: AbortSignal): () => Promise<string> {
  const changes = new EventEmitter<{ change: [path: string] }>();
  const changed = debounce((path: string) => changes.emit("change", path), calm);
  for (const folder of folders) {
    watch(join(root, folder), { recursive: true, signal }, (_, name) => {
      if (name && !isTemporary(name)) changed(relative(root, join(root, folder, name)));
    });
  }
  return async () => {
    const [path] = (await once(changes, "change")) as [string];
    return path;
  };
}
