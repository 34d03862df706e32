import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { tempFolder } from "./temp-folder.ts";

const root = join(import.meta.dirname, "../..");
const sources = [
  "errors.ts",
  "flow.ts",
  "main.ts",
  "package.json",
  "tsconfig.json",
  "cdktf.json",
  "analytics",
  "environments",
  "functions",
  "modules",
  "stacks",
];

/** What a synthesis needs of the repository, copied to another folder; node_modules is a link. */
export function checkoutElsewhere(): string {
  const folder = join(tempFolder(), "another", "checkout");
  for (const source of sources) cpSync(join(root, source), join(folder, source), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Runs main.ts of a checkout. */
export function runMain(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stderr: string }> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ["main.ts"],
      { cwd: folder, env: { ...process.env, ...env } },
      (_error, _stdout, stderr) => done({ code: child.exitCode ?? 1, stderr }),
    );
  });
}

/** SHA-256 of every file below a folder, by path. */
export function hashes(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const hash = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [relative(folder, path), hash(path)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
