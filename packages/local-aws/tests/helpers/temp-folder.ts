import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];
process.once("exit", () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that goes when the test's process ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "local-aws-test-"));
  made.push(folder);
  return folder;
}
