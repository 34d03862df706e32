import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { type Zippable, zipSync } from "fflate";

/** A function's code in the form that Lambda accepts. */
export interface Bundle {
  readonly zip: Uint8Array;
  /** SHA-256 of the zip in base64, as Lambda reports it. */
  readonly sha256: string;
}

const projectRoot = join(import.meta.dirname, "../..");

/** The earliest date of the zip format. Zip dates are local times, so a local date gives the same bytes in any time zone. */
const zipEpoch = new Date(1980, 0, 1);
const unix = 3;
const readableFile = 0o100644 << 16;

/** Puts our own `matchesEntirely` in place of libphonenumber-js' one, which is slow. */
const quickPhonePatterns: Plugin = {
  name: "quick phone patterns",
  setup({ onResolve }) {
    const path = join(import.meta.dirname, "matches-entirely.ts");
    onResolve({ filter: /\/matchesEntirely\.js$/ }, ({ importer }) =>
      importer.includes("/libphonenumber-js/") ? { path } : undefined,
    );
  },
};

/**
 * Bundles an entry point for Node 24. The bytes depend only on the sources and the installed packages, not on the folder or
 * the machine, so a plan shows a function as changed only when its code has changed.
 * @param entry path from the project's root, or an absolute path
 */
export async function bundleFunction(entry: string): Promise<Bundle> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: { index: entry },
    outdir: "bundle",
    write: false,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    splitting: true,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    // CommonJS packages such as undici require Node's modules, which an ES module can only do with a function of its own.
    // https://github.com/evanw/esbuild/issues/1921
    banner: { js: 'import{createRequire as nodeRequire}from"node:module";const require=nodeRequire(import.meta.url);' },
    mainFields: ["module", "main"],
    // Names are kept, so that stack traces are readable.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    // A linked package keeps the name that it is imported by, wherever the link leads.
    preserveSymlinks: true,
    plugins: [quickPhonePatterns],
    logLevel: "warning",
  });
  return zipped(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

function zipped(files: [name: string, contents: Uint8Array][]): Bundle {
  const sorted = files.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const entries: Zippable = Object.fromEntries(
    sorted.map(([name, contents]) => [name, [contents, { mtime: zipEpoch, os: unix, attrs: readableFile }]]),
  );
  const zip = zipSync(entries);
  return { zip, sha256: createHash("sha256").update(zip).digest("base64") };
}
