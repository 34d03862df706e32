import { spawnSync } from "node:child_process";

/** Runs a script in a process of its own. @returns its milliseconds, and what it printed */
export function timed(file: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
  const begun = performance.now();
  const { status, stderr, stdout } = spawnSync(process.execPath, [file, ...args], {
    env: { ...process.env, NODE_NO_WARNINGS: "1", ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  return { milliseconds: performance.now() - begun, stdout };
}
