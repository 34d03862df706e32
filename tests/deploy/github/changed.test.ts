import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { changedStacks } from "../../../deploy/github/changed.ts";
import { tempFolder } from "../../helpers/temp-folder.ts";
import { workflow } from "./workflow-fixture.ts";

let seconds = 1_000_000_000;

/** A checkout with synthesized stacks: contents by path below cdktf.out/stacks. Each is of another time. */
function checkout(files: Readonly<Record<string, string>>): string {
  const folder = tempFolder();
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, "cdktf.out/stacks", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    seconds += 1;
    utimesSync(file, seconds, seconds);
  }
  return folder;
}

const stacks = ["leadwire-dev", "leadwire-prod"];
const files = {
  "leadwire-dev/cdk.tf.json": "{}",
  "leadwire-dev/assets/ingest/1/code.zip": "PK1",
  "leadwire-prod/cdk.tf.json": "{}",
};
const base = checkout(files);

const changed = suite("changed stacks");

changed("are none when all bytes are the same, whatever the times", () => {
  assert.equal(changedStacks(base, checkout(files), stacks), []);
});

changed("are those with a changed setting", () => {
  const head = checkout({ ...files, "leadwire-prod/cdk.tf.json": "{ }" });
  assert.equal(changedStacks(base, head, stacks), ["leadwire-prod"]);
});

changed("are those with a function whose code changed, although the JSON is the same", () => {
  const head = checkout({ ...files, "leadwire-dev/assets/ingest/1/code.zip": "PK2" });
  assert.equal(changedStacks(base, head, stacks), ["leadwire-dev"]);
});

changed("are those with a file more or less, and new ones", () => {
  const more = checkout({ ...files, "leadwire-dev/assets/notify/1/code.zip": "PK1" });
  assert.equal(changedStacks(base, more, stacks), ["leadwire-dev"]);
  assert.equal(changedStacks(more, base, stacks), ["leadwire-dev"]);
  assert.equal(changedStacks(checkout({}), base, stacks), stacks);
});

changed("are not those where only Terraform's own files differ", () => {
  const used = checkout({ ...files, "leadwire-dev/.terraform/a": "1", "leadwire-dev/.terraform.lock.hcl": "2" });
  assert.equal(changedStacks(base, used, stacks), []);
});

changed.run();

/** Runs the step for the pull request of a repository and an actor, with a change of prod, or of what is given. */
async function step(from: string, actor: string, head = { ...files, "leadwire-prod/cdk.tf.json": "{ }" }) {
  await using work = await workflow();
  Object.assign(work.variables, { HEAD_REPOSITORY: from, GITHUB_ACTOR: actor });
  const code = await work.run(`changed ${base} ${checkout(head)}`);
  return { code, outputs: work.outputs(), text: work.printed.join("\n") };
}

const changedStep = suite("changed");

changedStep("sets the changed environments as an output", async () => {
  const { code, outputs } = await step("example/leadwire", "author");
  assert.is(code, 0);
  assert.is(outputs, 'environments=["prod"]\n');
});

changedStep("fails for forks and Dependabot, which get no plan, if an environment changes", async () => {
  for (const [from, actor] of [
    ["mallory/leadwire", "mallory"],
    ["", "mallory"],
    ["example/leadwire", "dependabot[bot]"],
  ]) {
    const { code, text } = await step(from ?? "", actor ?? "");
    assert.is(code, 1);
    assert.match(
      text,
      /get no credentials, so they cannot be planned\. Push the commits to a branch of this repository/,
    );
  }
  assert.is((await step("mallory/leadwire", "mallory", files)).code, 0);
});

changedStep("says which stacks an administrator has to apply", async () => {
  const { text, outputs } = await step("example/leadwire", "author", {
    ...files,
    "leadwire-ci/cdk.tf.json": "{}",
  } as never);
  assert.match(text, "leadwire-ci changes. Workflows do not apply it");
  assert.is(outputs, "environments=[]\n");
});

changedStep.run();
