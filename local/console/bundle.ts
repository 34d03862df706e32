import { basename, join } from "node:path";
import { build } from "esbuild";

/** A file for browsers. */
export interface BrowserFile {
  readonly type: string;
  readonly contents: Uint8Array;
}

/** Bundles the pages' scripts and styles. @returns the files by name; `main.js` and `main.css` are what a page loads */
export async function bundlePages(): Promise<ReadonlyMap<string, BrowserFile>> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "client/main.tsx")],
    outdir: "console",
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2024",
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "error",
  });
  return new Map(
    outputFiles.map(({ path, contents }) => {
      const type = path.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
      return [basename(path), { type, contents }];
    }),
  );
}
