import { spawn } from "node:child_process";
import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cdktfStack } from "./helpers/cdktf-stack.ts";
import { inTime } from "./helpers/in-time.ts";
import { tempFolder } from "./helpers/temp-folder.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const files = (pattern: string) => globSync(pattern, { cwd: root, exclude: (path) => path.includes("node_modules") });

const readme = suite("README");

readme("the example is example.ts, line by line", () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(read("README.md")) ?? [];
  assert.is(code, read("example.ts"));
});

readme("the example runs a stack that CDKTF has synthesized, and leaves no file behind", async () => {
  const [stackDir, TMPDIR] = [await cdktfStack(), tempFolder()];
  const child = spawn(process.execPath, ["example.ts", stackDir], { cwd: root, env: { ...process.env, TMPDIR } });
  const printed: string[] = [];
  const output = inTime<void>("the function's line", (resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        printed.push(chunk.toString());
        if (printed.join("").includes("my-worker: ") && printed.join("").includes("got hello")) resolve();
      });
    }
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  try {
    await output;
  } finally {
    child.kill("SIGINT");
  }
  assert.is(await closed, 0, printed.join(""));
  assert.equal(readdirSync(TMPDIR), []);
  assert.match(printed.join(""), /^API http:\/\/127\.0\.0\.1:\d+, mailbox http:\/\/127\.0\.0\.1:\d+/);
});

readme("each line of what it simulates is the name of a test", () => {
  const [, section = ""] = /## What it simulates\n([\s\S]*?)\n## /.exec(read("README.md")) ?? [];
  const promises = [...section.matchAll(/^- (.*)$/gm)].map(([, promise]) => promise);
  assert.ok(promises.length > 80);
  const names = new Set(
    files("tests/**/*.test.ts").flatMap((path) =>
      [...read(path).matchAll(/^\w+\(\s*"((?:[^"\\]|\\.)*)"/gm)].map(([, name]) => name),
    ),
  );
  assert.equal(
    promises.filter((promise) => !names.has(promise)),
    [],
  );
});

/** Names of the properties and methods of an interface of src/start-stack.ts. */
const membersOf = (name: string) => {
  const [, body = ""] =
    new RegExp(`^export interface ${name} \\{\\n([\\s\\S]*?)^\\}`, "m").exec(read("src/start-stack.ts")) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?:(]/gm)].map(([, member]) => member);
};
for (const [what, header, members] of [
  ["option", "| option | what it does |", membersOf("StackOptions").filter((name) => name !== "stackDir")],
  ["part", "| part | what it is for |", membersOf("LocalAws").filter((name) => name !== "stop")],
] as const) {
  readme(`each ${what} has a place in its table`, () => {
    const [, text = ""] = read("README.md").split(header);
    const [table = ""] = text.split("\n\n");
    const named = [...table.matchAll(/^\| (`[^|]+`)/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name),
    );
    assert.equal([...new Set(named)].sort(), [...members].sort());
  });
}

readme.run();

/** Words of the product that this package was made for. */
const productWords =
  /(?<![a-z])(leads?|leadwire|slack|crm|hubspot|enrich(ed|es|ing|ment)?|ingest(ed|s|ing)?|notify|webhooks?)(?![a-z])/i;
const wordsOf = (text: string) => text.replace(/([a-z])([A-Z])/g, "$1 $2");

/** The module that a line imports or exports from, or loads while it runs. */
const importing = /(?:\bfrom |^import |\bimport\()"([^"]+)"/gm;

const independence = suite("independence");

independence("no file names the product or its parts", () => {
  const own = join("tests", "readme.test.ts");
  const found = files("**/*.{ts,md,json}")
    .filter((path) => path !== own)
    .filter((path) => productWords.test(wordsOf(read(path))));
  assert.equal(found, []);
  assert.ok(productWords.test(wordsOf("newLead")) && !productWords.test("dynamodb:LeadingKeys"));
});

independence("no file imports anything outside of the package but packages that package.json names", () => {
  const { dependencies, devDependencies, name } = JSON.parse(read("package.json"));
  const known = new Set([name, ...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  const strangers = files("**/*.ts").flatMap((path) =>
    [...read(path).matchAll(importing)].flatMap(([, module = ""]) => {
      if (module.startsWith("node:")) return [];
      if (module.startsWith(".")) return join(path, "..", module).startsWith("..") ? [`${path}: ${module}`] : [];
      const [scope = "", inner = ""] = module.split("/");
      const dependency = scope.startsWith("@") ? `${scope}/${inner}` : scope;
      return known.has(dependency) || known.has(`@types/${dependency}`) ? [] : [`${path}: ${module}`];
    }),
  );
  assert.equal(strangers, []);
});

independence("what src imports is a dependency, and not only one of the tests", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const imported = files("src/**/*.ts").flatMap((path) =>
    [...read(path).matchAll(/^import (?!type)[^;]*?"([^".:][^":]*)";$/gm)].map(([, module = ""]) => module),
  );
  for (const name of Object.keys(devDependencies)) {
    assert.not(
      imported.some((module) => module === name || module.startsWith(`${name}/`)),
      name,
    );
  }
  for (const name of Object.keys(dependencies)) {
    assert.ok(
      imported.some((module) => module === name || module.startsWith(`${name}/`)),
      name,
    );
  }
});

independence.run();
