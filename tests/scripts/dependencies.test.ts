import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const { dependencies, devDependencies } = JSON.parse(read("package.json")) as {
  dependencies: Readonly<Record<string, string>>;
  devDependencies: Readonly<Record<string, string>>;
};

/** Packages that a source imports, types aside. */
const packagesIn = (source: string) =>
  [...source.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^".][^"]*)"|import\("([^".][^"]*)"/gm)]
    .map(([, from, dynamic]) => from ?? dynamic ?? "")
    .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );

const suiteOfDependencies = suite("dependencies");

suiteOfDependencies("are what the functions bundle; everything else is a devDependency", () => {
  const files = [...globSync("functions/**/*.ts", { cwd: root }), "errors.ts", "flow.ts"];
  const bundled = new Set(files.flatMap((file) => packagesIn(read(file))));
  assert.equal(Object.keys(dependencies).sort(), [...bundled].sort());
});

suiteOfDependencies("have exact versions, so that an install is the same everywhere", () => {
  const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d/.test(version));
  assert.equal(ranges, []);
});

suiteOfDependencies.run();
