import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { compileFunction } from "node:vm";
import { uniq } from "es-toolkit/array";
import { memoize } from "es-toolkit/function";
import { pick } from "es-toolkit/object";
import { build, type Plugin } from "esbuild";
import { type StageName, stageNames } from "../flow.ts";

/** A consumer that a simulation can have beside the stages. */
export const leadIndex = "lead-index";
/** A function that is simulated. */
export type FunctionName = StageName | typeof leadIndex;
/** The code of every stage, and of the lead index if the simulation has it. */
export type Programs = Readonly<Record<StageName, Program> & Partial<Record<FunctionName, Program>>>;

type Exports = Readonly<Record<string, unknown>>;

/** A function's code, compiled once. Each execution environment starts it for itself. */
export interface Program {
  readonly name: FunctionName;
  /** What the code uses of a package. */
  readonly packageOf: (name: string) => Exports;
  /**
   * Runs the code.
   * @param globals what it finds in place of the machine's own `Date`, `setTimeout` and the like
   * @returns what `index.ts` exports
   */
  readonly start: (globals: Globals, require: (name: string) => unknown) => Exports;
}

const globalNames = ["process", "Date", "Math", "setTimeout", "clearTimeout", "AbortSignal", "fetch"] as const;
type Globals = Readonly<Record<(typeof globalNames)[number], unknown>>;

const require = createRequire(import.meta.url);

const root = join(import.meta.dirname, "..");

/** Modules that know no time and no chance, and remember nothing that depends on them. All environments share them, because they are slow to load. */
const sharedModules =
  /^(errors|functions\/(lead\/.*|sources\/(reading|reader\/.*)|enrich\/(cleanse|contact|countries|phone)))\.ts$/;

/** Packages stay outside, but for cockatiel, whose timers must be the simulation's. Shared modules stay outside as well. */
const outside: Plugin = {
  name: "outside",
  setup({ onResolve }) {
    onResolve({ filter: /^[^.]/ }, ({ kind, path }) =>
      kind === "entry-point" || path.startsWith("cockatiel") ? undefined : { path, external: true },
    );
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const module = join(resolveDir, path);
      return sharedModules.test(relative(root, module)) ? { path: module, external: true } : undefined;
    });
  },
};

const compile = memoize(async (name: FunctionName): Promise<Program> => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`functions/${name}/index.ts`],
    write: false,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    supported: { "dynamic-import": false },
    logLevel: "warning",
    plugins: [outside],
  });
  const code = outputFiles[0]?.text ?? "";
  const run = compileFunction(code, ["module", "require", ...globalNames], { filename: `${name}.js` });
  const words = uniq(code.match(/\w+/g) ?? []);
  const known = new Map<string, Exports>();
  const load = (name: string): Exports => {
    // Each environment would copy 200,000 domains, and hundreds of exports of the SDK.
    if (/^(email-providers|disposable-email-domains|free-email-domains|fakefilter)/.test(name)) {
      return Object.assign([], { freeEmailDomains: [], domains: {} } as Exports);
    }
    return name.startsWith("@aws-sdk/") ? pick(require(name), words) : require(name);
  };
  return {
    name,
    packageOf(name) {
      const found = known.get(name) ?? load(name);
      known.set(name, found);
      return found;
    },
    start(globals, requireFor) {
      const module = { exports: {} };
      run(module, requireFor, ...globalNames.map((name) => globals[name]));
      return module.exports;
    },
  };
});

/** Compiles the function of each stage, and others, from its `index.ts`, as it is deployed, once in a process. */
export async function compilePrograms(...others: readonly (typeof leadIndex)[]): Promise<Programs> {
  const programs = [...stageNames, ...others].map(async (name) => [name, await compile(name)] as const);
  return Object.fromEntries(await Promise.all(programs)) as Programs;
}
