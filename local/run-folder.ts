import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * What a run leaves: the functions' log lines, a folder with the enriched leads and outcomes, and, while it is under way, how
 * it is reached. How many of each stay.
 */
const kept = { log: 20, objects: 2, run: 20 } as const;
type Kind = keyof typeof kept;

/** The folder of all runs: `leadwire-USER` in the system's temporary folder. */
const runFolder = () => join(tmpdir(), `leadwire-${userInfo().username}`);

/** `ENV-TIME-PROCESS.KIND`, the oldest first. */
const namesIn = (folder: string, kind: Kind) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(`.${kind}`))
    .sort((a, b) => (timeIn(a) < timeIn(b) ? -1 : 1));
const timeIn = (name: string) => /-(\d{8}T\d{6}-\d+)\.\w+$/.exec(name)?.[1] ?? "";

/**
 * Names a new file or folder for what one run of an environment leaves, and removes those of the oldest runs.
 * @param folder is made when it is not there
 */
export function newRunPath(env: string, kind: Kind, folder = runFolder(), now = new Date()): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const earlier = namesIn(folder, kind).filter((name) => name.startsWith(`${env}-`));
  for (const name of earlier.slice(0, Math.max(0, earlier.length - kept[kind] + 1))) {
    rmSync(join(folder, name), { force: true, recursive: true });
  }
  const time = now.toISOString().replace(/[-:]|\.\d+Z$/g, "");
  return join(folder, `${env}-${time}-${process.pid}.${kind}`);
}

/** What runs have left of a kind, the oldest first. */
export const runPaths = (kind: Kind, folder = runFolder()): string[] =>
  existsSync(folder) ? namesIn(folder, kind).map((name) => join(folder, name)) : [];

/** The folder with the objects of the latest run, which may be under way; undefined if there was none. */
export const latestObjects = (folder?: string): string | undefined => runPaths("objects", folder).at(-1);
