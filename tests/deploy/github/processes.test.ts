import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { planOwner } from "../../../deploy/github/pull-request.ts";
import { open, seal } from "../../../deploy/github/sealed-plan.ts";
import { runScript } from "../../helpers/script.ts";
import { ownAccounts, Workplace } from "../deploy-fixtures.ts";
import { fakeGitHub, mergeSha, repository } from "./fake-github.ts";
import { key } from "./workflow-fixture.ts";

/** A plan that destroys a queue. */
const plan = {
  format_version: "1.2",
  terraform_version: "1.13.5",
  resource_changes: [
    {
      address: "aws_sqs_queue.leads",
      mode: "managed",
      type: "aws_sqs_queue",
      name: "leads",
      change: { actions: ["delete"], before: { name: "leads" }, after: null, after_unknown: {} },
    },
  ],
};

const smallBundles = join(import.meta.dirname, "../../helpers/small-bundles.ts");

const processes = suite("npm run github");

processes("plans, keeps the plan encrypted, and stops apply when Terraform calls the plan stale", async () => {
  await using github = await fakeGitHub();
  const work = new Workplace();
  const run = (...args: string[]) => runScript("deploy/github/main.ts", args, env);
  work.answer("show", { out: JSON.stringify(plan) });
  const file = (name: string) => {
    writeFileSync(join(work.folder, name), "");
    return join(work.folder, name);
  };
  const env = {
    PATH: `${join(work.folder, "bin")}:/usr/bin:/bin`,
    CDKTF_OUTDIR: work.outdir,
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: repository,
    GITHUB_TOKEN: "token",
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_RUN_ID: "77",
    GITHUB_OUTPUT: file("output"),
    GITHUB_STEP_SUMMARY: file("summary"),
    RUNNER_TEMP: work.folder,
    LEADWIRE_PLAN_KEY: key,
    NODE_OPTIONS: `${ownAccounts.NODE_OPTIONS} --import=${smallBundles}`,
  };
  const planned = await run("plan", "dev", "12");
  assert.is(planned.code, 0, planned.stderr);
  assert.match(github.state.comments[0]?.body ?? "", "aws_sqs_queue.leads");
  assert.match(readFileSync(env.GITHUB_OUTPUT, "utf8"), "artifact=plan-12-dev-20");

  const owner = planOwner(12, "dev");
  const files = open(readFileSync(join(work.folder, "plan.sealed")), key, owner);
  assert.equal(Object.keys(files).toSorted(), ["plan.tfplan", "sources.sha256"]);
  const forged = Buffer.from(JSON.stringify({ ...plan, resource_changes: [] }));
  github.state.addArtifact({ name: "plan-12-dev-0", file: seal({ ...files, "plan.json": forged }, key, owner) });
  for (const login of ["alice", "bob"]) github.state.addReview(login);
  work.answer("apply", { err: "Error: Saved plan is stale", code: 1 });
  const applied = await run("apply", "dev", mergeSha);
  assert.is(applied.code, 1);
  // The review of the file that is applied, and not of the JSON that somebody put beside it.
  const [, summary = ""] = readFileSync(env.GITHUB_STEP_SUMMARY, "utf8").split("### Applied to dev");
  assert.match(summary, "aws_sqs_queue.leads");
  assert.match(work.calls.at(-1) ?? "", /^leadwire-dev: apply .*plan\.tfplan$/);
  assert.match(applied.stderr, "The plan is stale, because the state has changed since. Nothing was applied.");
  assert.match(applied.stderr, "Run the workflow plan on main with environment dev and pull request 12");
});

processes.run();
