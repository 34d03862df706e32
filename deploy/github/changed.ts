import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Contents of what a synthesis writes for a stack, cdk.tf.json and the assets, by path. Empty if there is no such stack. */
function contentsOf(checkout: string, stack: string): Map<string, string> {
  const folder = join(checkout, "cdktf.out/stacks", stack);
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && !join(entry.parentPath, entry.name).includes("/.terraform"),
    );
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));
    return new Map(paths.map((path) => [path.slice(folder.length), readFileSync(path, "base64")]));
  } catch {
    return new Map();
  }
}

/**
 * Returns the stacks that differ in two checkouts of the repository, both synthesized. What counts is the bytes that would be
 * deployed: a commit can change every function without touching `functions/`, and can touch it without changing any.
 */
export function changedStacks(base: string, head: string, stacks: readonly string[]): string[] {
  return stacks.filter((stack) => {
    const [before, after] = [contentsOf(base, stack), contentsOf(head, stack)];
    return before.size !== after.size || [...after].some(([path, content]) => before.get(path) !== content);
  });
}
