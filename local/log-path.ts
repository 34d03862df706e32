import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Runs of an environment whose logs stay. */
const kept = 20;

/**
 * Names a new file for the functions' log lines of one run, and removes those of the oldest runs.
 * @param folder is made when it is not there. @default `leadwire-USER` in the system's temporary folder
 */
export function newLogPath(
  env: string,
  folder = join(tmpdir(), `leadwire-${userInfo().username}`),
  now = new Date(),
): string {
  mkdirSync(folder, { recursive: true });
  const earlier = readdirSync(folder)
    .filter((name) => name.startsWith(`${env}-`) && name.endsWith(".log"))
    .sort();
  for (const name of earlier.slice(0, Math.max(0, earlier.length - kept + 1))) {
    rmSync(join(folder, name), { force: true });
  }
  const time = now.toISOString().replace(/[-:]|\.\d+Z$/g, "");
  return join(folder, `${env}-${time}-${process.pid}.log`);
}
