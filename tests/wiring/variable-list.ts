import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { variablesOf } from "../../functions/notify/channels/declaration.ts";
import { channels } from "../../functions/notify/channels/index.ts";
import { Variable } from "../../functions/runtime/names.ts";

const root = join(import.meta.dirname, "../..");
const file = "functions/variables.json";

/** Each function's variables: those that its code reads, and those that the stack sets only for the code before it. */
export type VariableList = Readonly<Record<string, Readonly<Record<string, "read" | "leaving">>>>;

/** The list as it stands in the folder. */
export const variableList = JSON.parse(readFileSync(join(root, file), "utf8")) as VariableList;

/**
 * Finds variables that a change takes from code that still runs: the list before says that the code reads them, and the list
 * now has them no more. A function that is gone runs no code.
 * @returns `function.VARIABLE` of each
 */
export const removedTooEarly = (before: VariableList, now: VariableList): string[] =>
  Object.entries(before).flatMap(([name, variables]) =>
    Object.entries(variables)
      .filter(([variable, use]) => use === "read" && now[name] && !(variable in now[name]))
      .map(([variable]) => `${name}.${variable}`),
  );

/** Runs git, and returns undefined where it fails: outside of a repository, or for a commit that a shallow clone lacks. */
function git(...args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

const listAt = (revision: string): readonly VariableList[] => {
  const text = git("show", `${revision}:${file}`);
  return text === undefined ? [] : [JSON.parse(text) as VariableList];
};

/**
 * The lists that the one in the folder may follow in a deployment: that of the commit before, and that of the commit at which
 * the branch left main. A list that is not committed yet follows that of HEAD.
 */
export function listsBefore(): VariableList[] {
  const isCommitted = git("status", "--porcelain", "--", file) === "";
  const branch = ["main", "origin/main"].map((main) => git("merge-base", "HEAD", main)).find((base) => base);
  return [isCommitted ? "HEAD^" : "HEAD", ...(branch ? [branch] : [])].flatMap(listAt);
}

/** The variables that a function's code reads: its own files, all that they import, and what its channels declare. */
export async function variablesRead(name: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`functions/${name}/index.ts`],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    write: false,
    metafile: true,
  });
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const used = files.flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/\bVariable\.(\w+)/g)].map(
      ([, key]) => key as keyof typeof Variable,
    ),
  );
  const declared = files.includes("functions/notify/channels/index.ts")
    ? Object.values(channels).flatMap(({ declaration }) => Object.keys(variablesOf(declaration)))
    : [];
  return [...new Set([...used.map((key) => Variable[key]), ...declared])];
}
