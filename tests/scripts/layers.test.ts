import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tempFolder } from "../helpers/temp-folder.ts";

const root = join(import.meta.dirname, "../..");

/** Imports of a file, each a specifier as it would stand there. */
type Imports = Readonly<Record<string, readonly string[]>>;

/** What each part may not import. */
const forbidden: Imports = {
  "flow.ts": ["./errors.ts", "./functions/lead/a.ts", "yup"],
  "errors.ts": ["./flow.ts"],
  "main.ts": ["./local/a.ts", "./ops/a.ts", "./bench/a.ts", "./tests/a.ts", "./scripts/a.ts"],
  "functions/lead/a.ts": ["../runtime/a.ts", "../notify/a.ts", "../../modules/a.ts", "../../main.ts", "cdktf"],
  "functions/runtime/a.ts": ["../notify/a.ts", "../sources/a.ts", "../../modules/a.ts", "../../main.ts", "cdktf"],
  "functions/sources/index.ts": ["../ingest/a.ts", "../../environments/a.ts", "../../main.ts"],
  "functions/sources/acme/door.ts": ["../other/door.ts", "../../ingest/a.ts", "../../../stacks/a.ts", "constructs"],
  "functions/ingest/a.ts": ["../enrich/a.ts", "../notify/a.ts", "../../modules/a.ts", "../../main.ts"],
  "functions/enrich/a.ts": ["../ingest/a.ts", "../../environments/a.ts", "@cdktf/provider-aws/lib/sqs-queue/index.js"],
  "functions/notify/a.ts": ["../enrich/a.ts", "../../stacks/a.ts", "../../local/a.ts", "../../tests/a.ts", "cdktf"],
  "functions/notify/channels/acme/a.ts": ["../slack/a.ts", "../../../enrich/a.ts", "../../../../modules/a.ts"],
  "functions/new-stage/a.ts": ["../enrich/a.ts", "../../modules/a.ts"],
  "modules/a.ts": ["../functions/lead/a.ts", "../stacks/a.ts", "../environments/a.ts", "../flow.ts", "../main.ts"],
  "modules/tuning/a.ts": ["../../functions/lead/a.ts", "../../stacks/a.ts", "../../environments/a.ts", "../../flow.ts"],
  "environments/a.ts": ["../stacks/a.ts", "../ops/a.ts", "../local/a.ts", "../functions/enrich/a.ts", "cdktf"],
  "environments/schema/a.ts": ["../../stacks/a.ts", "../../functions/notify/a.ts"],
  "stacks/a.ts": ["../local/a.ts", "../ops/a.ts", "../bench/a.ts", "../tests/a.ts", "../functions/enrich/a.ts"],
  "stacks/stages/a.ts": ["../../local/a.ts", "../../functions/notify/a.ts", "../../main.ts"],
  "ops/a.ts": ["../stacks/a.ts", "../modules/a.ts", "../local/a.ts", "../functions/notify/a.ts", "cdktf"],
  "ops/commands/a.ts": ["../../stacks/a.ts", "../../modules/a.ts", "../../local/a.ts", "../../functions/notify/a.ts"],
  "analytics/a.ts": ["../functions/notify/a.ts", "../stacks/a.ts", "../local/a.ts", "../ops/a.ts", "cdktf"],
  "cost/a.ts": ["../stacks/a.ts", "../environments/a.ts", "../functions/lead/a.ts", "../bench/a.ts", "cdktf"],
  "deploy/a.ts": ["../local/a.ts", "../try/a.ts", "../bench/a.ts", "../simulator/a.ts", "../tests/a.ts", "cdktf"],
  "local/a.ts": ["../ops/a.ts", "../bench/a.ts", "../tests/a.ts", "../scripts/a.ts", "../packages/local-aws/src/a.ts"],
  "local/console/a.ts": ["../../bench/a.ts", "../../tests/a.ts", "../../scripts/a.ts", "cdktf"],
  "local/senders/a.ts": ["../../ops/a.ts", "../../tests/a.ts"],
  "local/faults/a.ts": ["../../bench/a.ts", "../../tests/a.ts"],
  "try/a.ts": [
    "../stacks/a.ts",
    "../ops/a.ts",
    "../modules/a.ts",
    "../functions/ingest/a.ts",
    "../tests/a.ts",
    "cdktf",
  ],
  "simulator/a.ts": ["../bench/a.ts", "../ops/a.ts", "../stacks/a.ts", "../tests/a.ts", "../scripts/a.ts", "cdktf"],
  "simulator/services/a.ts": ["../../bench/a.ts", "../../stacks/a.ts", "../../packages/local-aws/src/a.ts"],
  "bench/a.ts": ["../ops/a.ts", "../tests/a.ts", "../packages/local-aws/src/a.ts"],
  "scripts/a.ts": ["../ops/a.ts", "../tests/a.ts", "../packages/local-aws/src/a.ts"],
  "packages/local-aws/src/a.ts": ["../../../local/a.ts", "../../../functions/lead/a.ts", "../../../errors.ts"],
  "packages/local-aws/src/iam/a.ts": ["../../../../local/a.ts", "../../../../errors.ts"],
  "packages/local-aws/tests/iam/a.test.ts": ["../../../../tests/helpers/a.ts"],
};

/** What each part may import; a rule that refuses one of these is too strict. */
const allowed: Imports = {
  "other.ts": ["./errors.ts", "./stacks/a.ts", "./environments/a.ts"],
  "functions/lead/b.ts": ["./a.ts", "../../errors.ts", "../../flow.ts", "yup"],
  "functions/runtime/b.ts": ["./a.ts", "../lead/a.ts", "../../errors.ts", "../../flow.ts", "@aws-sdk/client-s3"],
  "functions/sources/acme/reader.ts": [
    "../../lead/a.ts",
    "../../runtime/a.ts",
    "../verify/a.ts",
    "../door.ts",
    "./a.ts",
  ],
  "functions/notify/b.ts": [
    "../lead/a.ts",
    "../runtime/a.ts",
    "../sources/a.ts",
    "./channels/index.ts",
    "../../errors.ts",
  ],
  "functions/notify/channels/acme/b.ts": ["../channel.ts", "../../a.ts", "../../../lead/a.ts", "../../../../errors.ts"],
  "deploy/b.ts": ["./a.ts", "../stacks/a.ts", "../ops/review/a.ts", "../environments/a.ts", "../command-line/a.ts"],
  "modules/b.ts": ["./a.ts", "./tuning/a.ts", "../errors.ts", "cdktf"],
  "modules/tuning/b.ts": ["../a.ts", "../build/a.ts", "../../errors.ts"],
  "environments/b.ts": ["../flow.ts", "../modules/tuning/a.ts", "../functions/sources/a.ts", "./schema/a.ts"],
  "stacks/stages/b.ts": [
    "../a.ts",
    "../consumers/a.ts",
    "../../modules/a.ts",
    "../../flow.ts",
    "../../analytics/a.ts",
    "../../environments/a.ts",
  ],
  "analytics/b.ts": ["./a.ts", "../functions/lead/a.ts", "../command-line/a.ts", "../flow.ts", "@duckdb/node-api"],
  "cost/b.ts": ["./a.ts", "../flow.ts", "../errors.ts", "es-toolkit/math"],
  "ops/commands/b.ts": ["../a.ts", "../email/a.ts", "../../flow.ts", "../../cost/a.ts", "commander"],
  "local/b.ts": ["local-aws", "../functions/lead/a.ts", "../flow.ts", "../stacks/a.ts"],
  "local/faults/b.ts": ["../../ops/a.ts", "local-aws"],
  "try/b.ts": [
    "../functions/enrich/a.ts",
    "../functions/notify/channels/slack/a.ts",
    "../environments/index.ts",
    "../command-line/options.ts",
    "../local/slack/a.ts",
  ],
  "simulator/b.ts": [
    "../ops/dead-letters.ts",
    "../local/a.ts",
    "../environments/a.ts",
    "../functions/lead/a.ts",
    "./a.ts",
  ],
  "bench/b.ts": ["../simulator/a.ts", "../local/a.ts", "../functions/notify/a.ts", "../tests/helpers/a.ts"],
  "packages/local-aws/src/b.ts": ["./iam/a.ts", "../package.json", "fauxqs"],
  "packages/local-aws/tests/iam/b.test.ts": ["../../src/a.ts", "../helpers/a.ts"],
  "tests/functions/b.test.ts": ["../../functions/notify/a.ts", "../../local/a.ts", "../helpers/a.ts"],
};

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/** Lints a made-up project with the real configuration. Returns the refused lines of each file. */
async function refused(files: Readonly<Record<string, string>>, rule: string): Promise<Record<string, string[]>> {
  const folder = tempFolder();
  for (const name of ["biome.json", ".gitignore"]) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const args = ["lint", "--reporter=json", "--max-diagnostics=none", `--only=${rule}`, "."];
  const json = await new Promise<string>((done) => {
    execFile(join(root, "node_modules/.bin/biome"), args, { cwd: folder }, (_error, stdout) => done(stdout));
  });
  const { diagnostics } = JSON.parse(json) as { diagnostics: Diagnostic[] };
  const found = diagnostics.filter(({ category }) => category === `lint/${rule}`);
  const byFile = Object.groupBy(found, ({ location }) => location.path);
  const line = (path: string, { location }: Diagnostic) => files[path]?.split("\n")[location.start.line - 1] ?? "";
  return Object.fromEntries(
    Object.entries(byFile).map(([path, all = []]) => [path, all.map((diagnostic) => line(path, diagnostic))]),
  );
}

const importLine = (name: string) => `import "${name}";`;
const lines = (imports: Imports) =>
  Object.fromEntries(Object.entries(imports).map(([file, names]) => [file, names.map(importLine)]));
const texts = (imports: Imports) =>
  Object.fromEntries(Object.entries(lines(imports)).map(([file, all]) => [file, all.join("\n")]));

const layers = suite("layers");
const layerRule = "style/noRestrictedImports";
const found = refused(texts({ ...forbidden, ...allowed }), layerRule);

for (const [file, expected] of Object.entries(lines(forbidden))) {
  layers(`${file} may not import ${expected.length} others`, async () => {
    assert.equal((await found)[file]?.sort(), expected.toSorted());
  });
}

for (const file of Object.keys(allowed)) {
  layers(`${file} may import what its layer may`, async () => {
    assert.equal((await found)[file] ?? [], []);
  });
}

layers("a dynamic import counts too", async () => {
  const text = 'export const load = () => import("../stacks/a.ts");';
  assert.equal(await refused({ "modules/a.ts": text }, layerRule), { "modules/a.ts": [text] });
});

layers("an import cycle is refused", async () => {
  const files = {
    "local/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;',
    "local/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;',
  };
  assert.equal(Object.keys(await refused(files, "suspicious/noImportCycles")).sort(), Object.keys(files));
});

layers("CONTRIBUTING.md has a row for each folder that has a rule", () => {
  interface Rules {
    readonly includes: readonly string[];
    readonly linter: { readonly rules: { readonly style?: { readonly noRestrictedImports?: unknown } } };
  }
  const { overrides } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8")) as { overrides: readonly Rules[] };
  const ruled = overrides
    .filter(({ linter }) => linter.rules.style?.noRestrictedImports)
    .flatMap(({ includes }) => includes)
    .flatMap((pattern) => /^([\w-]+)\//.exec(pattern)?.[1] ?? []);
  assert.ok(ruled.length > 15, ruled.join());
  const [, table = ""] = readFileSync(join(root, "CONTRIBUTING.md"), "utf8").split("| folder | may import |");
  const missing = [...new Set(ruled)].filter((folder) => !table.includes(`\n| \`${folder}/`));
  assert.equal(missing, []);
});

layers.run();
