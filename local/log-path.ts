import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Runs of an environment whose logs stay. */
const kept = 20;

/** A new file for the functions' lines of one run; the oldest ones of earlier runs go. */
export function newLogPath(env: string, now = new Date()): string {
  const folder = join(tmpdir(), `leadwire-${userInfo().username}`);
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
