import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { workflows } from "../../../deploy/github/commands.ts";
import { ciTasks, githubEnvironment } from "../../../environments/ci.ts";
import { deployedNames } from "../../../environments/index.ts";

const root = join(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const paths = globSync(".github/{workflows,actions/*}/*.yml", { cwd: root });
const files = Object.fromEntries(paths.map((path) => [path, read(path)]));

/** The jobs of a workflow: text by name. */
function jobsOf(path: string): Record<string, string> {
  const [, jobs = ""] = read(path).split(/^jobs:\n/m);
  const parts = jobs.split(/^ {2}([a-z]+):\n/m).slice(1);
  return Object.fromEntries(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? ""]] : [])));
}
const jobs = paths
  .filter((path) => path.includes("workflows/"))
  .flatMap((path) => Object.entries(jobsOf(path)).map(([name, text]) => ({ path, name: `${path} ${name}`, text })));

const rules = suite("workflows");

rules("pin every action by its full commit, with the version beside it", () => {
  const uses = Object.values(files).flatMap((text) => text.match(/\buses: .*/g) ?? []);
  const others = uses.filter(
    (line) => !/^uses: (?:\.\/\.github\/actions\/|[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(line),
  );
  assert.ok(uses.length >= 10);
  assert.equal(others, []);
});

rules("only call scripts, in a line each, and pass values as variables", () => {
  const lines = Object.values(files).flatMap((text) => text.match(/^\s*(?:- )?run:.*/gm) ?? []);
  const others = lines.filter(
    (line) => !/run: (?:npm (?:ci|run)|git worktree add|\.ci\/run)\b[^|>$]*(?:"\$[A-Z_]+"[^|>$]*)*$/.test(line),
  );
  assert.ok(lines.length >= 8);
  assert.equal(others, []);
  assert.equal(
    lines.filter((line) => line.includes("${{")),
    [],
  );
});

rules("call steps that there are", () => {
  const called = Object.values(files).flatMap((text) =>
    [...text.matchAll(/npm run github -- (\S+)/g)].map(([, name]) => name),
  );
  assert.equal([...new Set(called)].sort(), workflows.commands.map(({ name }) => name).sort());
});

rules("run on no event that gives a fork's commits credentials", () => {
  for (const text of Object.values(files)) assert.not.match(text, /pull_request_target|issue_comment/);
});

rules("have no permissions but those of their jobs", () => {
  for (const { path, name, text } of jobs) {
    const permissions = /^permissions:(?: \{\}|\n {2}contents: read)$/m.test(read(path));
    assert.ok(permissions, path);
    assert.ok(path.endsWith("ci.yml") || /^ {4}permissions:\n/m.test(text), name);
    assert.is(/id-token: write/.test(text), /^ {4}environment: /m.test(text), `${name} signs in to AWS`);
    assert.not.match(text, /contents: write|actions: write/);
  }
});

rules("keep no token in the checkout of a job with credentials", () => {
  for (const { name, text } of jobs.filter(({ text }) => text.includes("permissions:"))) {
    const checkouts = text.match(/uses: actions\/checkout/g)?.length;
    assert.is(text.match(/persist-credentials: false/g)?.length, checkouts, name);
  }
});

rules("sign in with the role whose GitHub environment the job has", () => {
  for (const { name, text } of jobs) {
    const environment = /^ {4}environment: (.+)$/m.exec(text)?.[1];
    if (environment === undefined) continue;
    const [, target = "", task] = /environment: (.+)\n {10}task: (.+)\n/.exec(text) ?? [];
    const known = ciTasks.find((one) => one === task);
    assert.is(environment, known && githubEnvironment(target, known), name);
  }
});

rules("apply the environments in turn, one run at a time, each followed by its smoke test", () => {
  const { changed, ...inTurn } = jobsOf(".github/workflows/apply.yml");
  assert.ok(changed);
  assert.equal(Object.keys(inTurn), deployedNames);
  for (const [index, name] of deployedNames.entries()) {
    const text = inTurn[name] ?? "";
    const before = deployedNames[index - 1];
    assert.match(text, before ? `needs: [changed, ${before}]` : "needs: changed");
    assert.match(text, `contains(fromJSON(needs.changed.outputs.environments), '${name}')`);
    assert.match(text, `group: apply-${name}\n      queue: max\n`);
    assert.not.match(text, "cancel-in-progress");
    assert.match(
      text,
      new RegExp(`github -- apply ${name} .*ops -- smoke ${name} --outputs outputs-${name}.json`, "s"),
    );
  }
});

rules("look for drift in every environment", () => {
  assert.match(read(".github/workflows/drift.yml"), `environment: [${deployedNames.join(", ")}]`);
});

rules.run();
