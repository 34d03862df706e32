import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { planOf, Workplace } from "./deploy-fixtures.ts";

const planning = suite("npm run plan");

planning("initializes, plans with the lock's timeout, and keeps the plan for its owner only", async () => {
  const place = new Workplace();
  place.answer("plan", { script: `env > "${place.folder}/env"` });
  const { code, warned } = await place.run("plan dev");
  for (const variable of ["TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1"]) {
    assert.ok(place.file("env").split("\n").includes(variable), variable);
  }
  assert.equal(
    [code, place.calls],
    [
      0,
      [
        "leadwire-dev: init -input=false -no-color",
        "leadwire-dev: plan -input=false -no-color -lock-timeout=10m -out=PLANS/plan.tfplan",
        "leadwire-dev: show -no-color -json PLANS/plan.tfplan",
      ],
    ],
  );
  assert.is(statSync(place.plans).mode & 0o777, 0o700);
  assert.ok(existsSync(join(place.plans, "plan.json")));
  assert.is(warned, `The plan is in ${place.plans}. npm run apply -- dev applies it.`);
});

planning("prints the review and ends with the review's exit code", async () => {
  const place = new Workplace();
  place.answer("show", { out: JSON.stringify(planOf({ size: 1 }, { size: 2 })) });
  const { code, printed } = await place.run("plan state");
  assert.is(code, 10);
  assert.match(printed, "aws_example.one");
  assert.match(printed, "1 → 2");
});

for (const [version, code] of [
  ["1.9.8", 1],
  ["1.10.0", 0],
  ["2.0.0", 0],
] as const) {
  planning(`with version ${version} ends with ${code}`, async () => {
    assert.is((await new Workplace("terraform", version).run("plan dev")).code, code);
  });
}

planning("takes OpenTofu, with a lock file of its own, where there is no Terraform", async () => {
  const place = new Workplace("tofu");
  writeFileSync(join(place.folder, "deploy", "tofu.lock.hcl"), "known provider");
  assert.is((await place.run("plan dev")).code, 0);
  assert.is(place.calls[0], "leadwire-dev: init -input=false -no-color -lockfile=readonly");
  assert.is(place.file("cdktf.out", "stacks", "leadwire-dev", ".terraform.lock.hcl"), "known provider");
});

planning("without Terraform and OpenTofu says what to install", async () => {
  const { code, warned } = await new Workplace("something-else").run("plan dev");
  assert.is(code, 1);
  assert.is(warned, "Install Terraform or OpenTofu 1.10 or newer: neither terraform nor tofu is on the PATH.");
});

planning("the first time writes the provider's lock file for every platform, and asks to commit it", async () => {
  const place = new Workplace();
  place.answer("init", { script: "echo 'one platform' > .terraform.lock.hcl" });
  place.answer("providers", { script: "echo 'every platform' > .terraform.lock.hcl" });
  const { warned } = await place.run("plan dev");
  const platforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"].map((one) => `-platform=${one}`);
  assert.is(place.calls[1], `leadwire-dev: providers lock ${platforms.join(" ")}`);
  assert.is(place.file("deploy", "terraform.lock.hcl"), "every platform\n");
  assert.match(warned, /Wrote \S+terraform\.lock\.hcl with the provider's checksums\. Commit it/);
});

planning("that fails shows Terraform's own words without secrets, and leaves no plan to apply", async () => {
  const place = new Workplace();
  await place.run("plan dev");
  place.answer("plan", {
    err: "Error: reading https://hooks.slack.com/services/T0/B0/x with whsec_c2VjcmV0: denied",
    code: 1,
  });
  const { code, printed, warned } = await place.run("plan dev");
  assert.equal([code, printed], [1, ""]);
  assert.is(
    warned,
    "terraform plan failed with exit code 1.\nError: reading (sensitive) with (sensitive): denied\nNothing was changed.",
  );
  assert.match((await place.run("apply dev")).warned, "There is no reviewed plan of leadwire-dev");
});

planning("waits for the lock as long as it is told, and says that it waits", async () => {
  const place = new Workplace();
  place.answer("plan", { out: "Acquiring state lock. This may take a few moments...\nAttributes that nobody reads\n" });
  const { warned } = await place.run("plan --lock-minutes 3 dev");
  assert.match(place.calls[1] ?? "", "-lock-timeout=3m");
  assert.is(warned.split("\n")[0], "Acquiring state lock. This may take a few moments...");
  assert.not.match(warned, "Attributes");
});

planning("says whose lock it waited for in vain, and how to remove that of a killed run", async () => {
  const place = new Workplace();
  place.answer("plan", { err: "Error: Error acquiring the state lock\n  ID:  42\n  Who: ada@laptop", code: 1 });
  const { warned } = await place.run("plan dev");
  assert.match(warned, "Who: ada@laptop");
  assert.match(warned, /terraform force-unlock ID in \S+leadwire-dev removes its lock/);
});

planning("of an environment that is not deployed ends with 2 and starts nothing", async () => {
  const place = new Workplace();
  assert.equal([(await place.run("plan demo")).code, place.calls], [2, []]);
});

planning.run();

const showing = suite("npm run show");

showing("reviews the kept plan itself, and not the JSON beside it", async () => {
  const place = new Workplace();
  place.answer("show", { out: JSON.stringify(planOf({ size: 1 }, { size: 2 })) });
  await place.run("plan dev");
  writeFileSync(join(place.plans, "plan.json"), "forged");
  const { code, printed } = await place.run("show dev");
  assert.is(code, 10);
  assert.match(printed, "1 → 2");
  assert.is(place.calls.at(-1), "leadwire-dev: show -no-color -json PLANS/plan.tfplan");
  assert.match(place.file("cdktf.out", "plans", "leadwire-dev", "plan.json"), "aws_example.one");
});

showing("without a plan of these sources ends with 1", async () => {
  const place = new Workplace();
  assert.match((await place.run("show dev")).warned, "There is no reviewed plan of leadwire-dev");
  await place.run("plan dev");
  place.sources = '{"changed":true}';
  const { code, warned } = await place.run("show dev");
  assert.is(code, 1);
  assert.match(warned, "The sources of leadwire-dev are not those of the plan");
});

showing.run();
