import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { pickBy } from "es-toolkit/object";
import { build } from "esbuild";
import { type StageName, stageNames } from "../flow.ts";

/** Names that a function's code finds in place of the machine's own. */
const globalNames = [
  "process",
  "Date",
  "Math",
  "setTimeout",
  "clearTimeout",
  "AbortSignal",
  "fetch",
  "performance",
] as const;
type Globals = Readonly<Record<(typeof globalNames)[number], unknown>>;

/** A function's code, compiled once. Each execution environment starts it for itself. */
export interface Program {
  readonly stage: StageName;
  /** The exports of a package that the code uses. */
  readonly used: (name: string) => Readonly<Record<string, unknown>>;
  /** Runs the code. @returns what `index.ts` exports */
  readonly start: (globals: Globals, require: (name: string) => unknown) => Readonly<Record<string, unknown>>;
}

/** Lists of 120,000 domains, which no simulated lead has, are empty: each environment would read them again. */
const noDomains = Object.assign([], {} as Readonly<Record<string, never>>);

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "..");

/**
 * Compiles each function from its `index.ts`, as it is deployed. Packages are not part of it, but for cockatiel, whose timers
 * must be the simulation's.
 */
export async function compilePrograms(): Promise<Readonly<Record<StageName, Program>>> {
  const programs = await Promise.all(stageNames.map(async (stage) => [stage, await compile(stage)] as const));
  return Object.fromEntries(programs) as Record<StageName, Program>;
}

async function compile(stage: StageName): Promise<Program> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`functions/${stage}/index.ts`],
    write: false,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    supported: { "dynamic-import": false },
    logLevel: "warning",
    plugins: [
      {
        name: "packages",
        setup({ onResolve }) {
          onResolve({ filter: /^[^.]/ }, ({ kind, path }) =>
            kind === "entry-point" || path.startsWith("cockatiel") ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  const code = outputFiles[0]?.text ?? "";
  const run = compileFunction(code, ["module", "require", ...globalNames], { filename: `${stage}.js` });
  const packages = new Map<string, Readonly<Record<string, unknown>>>();
  return {
    stage,
    used(name) {
      if (/^(email-providers|disposable-email-domains)\//.test(name)) return noDomains;
      const found = packages.get(name) ?? require(name);
      // Starting the code copies what a package exports, and the SDK's packages export hundreds of names.
      const isLarge = name.startsWith("@aws-sdk/") && !packages.has(name);
      const known = isLarge ? pickBy(found, (_value, key) => code.includes(key)) : found;
      packages.set(name, known);
      return known;
    },
    start(globals, requireFor) {
      const module = { exports: {} };
      run(module, requireFor, ...globalNames.map((name) => globals[name]));
      return module.exports;
    },
  };
}
