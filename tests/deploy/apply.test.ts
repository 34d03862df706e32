import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Workplace } from "./deploy-fixtures.ts";

const applying = suite("npm run apply");

/** A workplace with a plan of dev. */
async function planned(): Promise<Workplace> {
  const place = new Workplace();
  await place.run("plan dev");
  return place;
}

applying("applies the plan file, shows Terraform's lines and writes the outputs that are not sensitive", async () => {
  const place = await planned();
  const secret = "https://hooks.slack.com/services/T0/B0/not-to-be-shown";
  place.answer("apply", { out: `aws_sqs_queue.leads: Creating...\naws_example.one: ${secret}\n` });
  const outputs = { endpoint: { sensitive: false, value: "https://a" }, token: { sensitive: true, value: "t" } };
  place.answer("output", { out: JSON.stringify(outputs) });
  const { code, printed } = await place.run("apply dev");
  assert.is(code, 0);
  assert.equal(place.calls.slice(-3), [
    "leadwire-dev: init -input=false -no-color",
    "leadwire-dev: apply -input=false -no-color -lock-timeout=10m PLANS/plan.tfplan",
    "leadwire-dev: output -no-color -json",
  ]);
  assert.match(printed, /^aws_sqs_queue\.leads: Creating\.\.\.\naws_example\.one: /);
  assert.not.match(printed, "not-to-be-shown");
  const written = JSON.parse(readFileSync(join(place.folder, "outputs-dev.json"), "utf8"));
  assert.equal(written, { endpoint: outputs.endpoint });
});

const applies = ({ calls }: Workplace) => calls.filter((call) => call.includes(": apply")).length;

applying("applies a plan once", async () => {
  const place = await planned();
  assert.is((await place.run("apply dev")).code, 0);
  const again = await place.run("apply dev");
  assert.is(again.warned, "There is no reviewed plan of leadwire-dev: run npm run plan -- dev first.");
  assert.equal([again.code, applies(place)], [1, 1]);
});

for (const command of ["apply dev", "show dev"]) {
  applying(`refuses ${command} without a plan before Terraform runs, which would ask for credentials`, async () => {
    const place = new Workplace();
    const { code, warned } = await place.run(command);
    assert.equal([code, place.calls], [1, []]);
    assert.match(warned, /There is no reviewed plan of leadwire-dev/);
  });
}

for (const command of ["plan dev", "show dev", "apply dev"]) {
  applying(`an account id that nobody has replaced stops ${command} before anything is done`, async () => {
    const place = await planned();
    const done = place.calls.length;
    place.placeholders = ["Put your account there.", "And there."];
    const { code, warned } = await place.run(command);
    assert.equal([code, warned, place.calls.length], [1, "Put your account there.\nAnd there.", done]);
  });
}

applying("refuses the plan of another stack", async () => {
  const place = await planned();
  assert.equal([(await place.run("apply prod")).code, applies(place)], [1, 0]);
});

applying("refuses a plan of other sources, until they are as they were", async () => {
  const place = await planned();
  place.sources = '{"changed":true}';
  const { code, warned } = await place.run("apply dev");
  assert.match(
    warned,
    /^The sources of leadwire-dev are not those of the plan, so nothing was applied: run npm run plan/,
  );
  assert.equal([code, applies(place)], [1, 0]);
  place.sources = "{}";
  assert.is((await place.run("apply dev")).code, 0);
});

applying("refuses a plan that Terraform could not show for the review", async () => {
  const place = new Workplace();
  place.answer("show", { err: "Error: no such plan", code: 1 });
  assert.is((await place.run("plan dev")).code, 1);
  assert.ok(existsSync(join(place.plans, "plan.tfplan")));
  assert.equal([(await place.run("apply dev")).code, applies(place)], [1, 0]);
});

for (const words of ["Saved plan is stale", "Saved plan does not match the given state"]) {
  applying(`that ends with "${words}" says to plan again, and that nothing was applied`, async () => {
    const place = await planned();
    place.answer("apply", { err: `Error: ${words}\n`, code: 1 });
    const { code, warned } = await place.run("apply dev");
    assert.match(
      warned,
      "The plan is stale, because the state has changed since. Nothing was applied. Run npm run plan -- dev",
    );
    assert.is(code, 1);
  });
}

applying("that fails half way says what the state holds, and writes no outputs", async () => {
  const place = await planned();
  place.answer("apply", { err: "Error: creating queue: AccessDenied", code: 1 });
  const { code, warned } = await place.run("apply dev");
  assert.match(warned, "Error: creating queue: AccessDenied\nWhat was done until then is in the state.");
  assert.equal([code, existsSync(join(place.folder, "outputs-dev.json"))], [1, false]);
});

applying("passes Ctrl-C on once, and waits until Terraform has stored what it did", async () => {
  const place = await planned();
  const script = `trap 'echo "signal" >> "${place.folder}/calls"; echo heard; sleep 0.3; echo stored; exit 1' INT
kill -s 0 -- -$$ && echo "own process group"
echo "aws_sqs_queue.leads: Creating..."
while :; do sleep 0.05; done`;
  place.answer("apply", { script });
  place.printed = (line) => {
    if (line.includes("Creating")) process.emit("SIGINT");
    if (line === "heard") process.emit("SIGTERM");
  };
  const { code, printed, warned } = await place.run("apply dev");
  assert.match(printed, "stored");
  assert.match(printed, "own process group", "the terminal's own signal reaches it too");
  assert.match(warned, /^terraform apply was interrupted\.\n[\s\S]*What was done until then is in the state/);
  assert.equal([code, place.calls.filter((call) => call === "signal").length], [1, 1]);
  assert.is(process.listenerCount("SIGHUP"), 0);
});

applying.run();
