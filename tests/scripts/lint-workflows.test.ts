import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runScript } from "../helpers/script.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const workflow = `
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - id: made
        run: npm test
      - run: npm run synth
        if: steps.made.outcome == 'success'
`;

/** Lints a workflow. */
async function lint(text: string) {
  const file = join(tempFolder(), "workflow.yml");
  writeFileSync(file, text);
  return runScript("scripts/lint-workflows.mjs", [file]);
}

const linted = suite("lint-workflows");

linted("passes a workflow without faults", async () => {
  const { code, stdout } = await lint(workflow);
  assert.is(stdout, "Looked at 1 files.\n");
  assert.is(code, 0);
});

const faults: Readonly<Record<string, readonly [old: string, by: string, message: string]>> = {
  "an unknown key": ["runs-on", "run-on", "Unexpected value 'run-on'"],
  "a step that there is not": ["steps.made", "steps.mad", "Context access might be invalid: mad"],
  "an unknown function": ["steps.made.outcome ==", "sucess() ==", "Unrecognized function: 'sucess'"],
  "an unknown permission": ["jobs:", "permissions: { id-tokn: write }\njobs:", "Unexpected value 'id-tokn'"],
};
for (const [what, [old, by, message]] of Object.entries(faults)) {
  linted(`finds ${what}`, async () => {
    const { code, stdout } = await lint(workflow.replace(old, by));
    assert.is(code, 1);
    assert.match(stdout, message);
  });
}

linted.run();
