import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { InvalidEnvironmentsError } from "../../environments/check.ts";
import { environments } from "../../environments/index.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import { checkoutElsewhere, hashes, runMain } from "../helpers/checkout.ts";
import { synthesizedStack } from "../helpers/synth.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const dev = await synthesizedStack("leadwire-dev");
const outdir = join(dev.folder, "../..");
const elsewhere = checkoutElsewhere();

const bytes = suite("synthesize :: bytes");
bytes("are the same from another folder and another time zone", async () => {
  const { code, stderr } = await runMain(elsewhere, { TZ: "Asia/Tokyo", CDKTF_OUTDIR: "out" });
  assert.equal([code, stderr], [0, ""]);
  assert.equal(hashes(join(elsewhere, "out")), hashes(outdir));
});
bytes("hold no path of this machine", () => {
  const json = readFileSync(join(dev.folder, "cdk.tf.json"), "utf8");
  for (const path of [process.cwd(), outdir, "node_modules"]) assert.not.match(json, path);
});
bytes("a function's hash is its zip's, so it changes with the code and with nothing else", () => {
  for (const [, { filename, source_code_hash }] of dev.all("aws_lambda_function")) {
    const zip = readFileSync(join(dev.folder, String(filename)));
    assert.is(source_code_hash, createHash("sha256").update(zip).digest("base64"));
  }
});
bytes("a zip has the handler in index.mjs, and what is loaded late in chunks", () => {
  const zip = unzipSync(readFileSync(join(dev.folder, "assets/leadwire-dev-enrich.zip")));
  assert.ok(zip["index.mjs"]);
  assert.equal(
    Object.keys(zip).filter((name) => !/^[\w-]+\.mjs$/.test(name)),
    [],
  );
  assert.ok(Object.keys(zip).length > 1);
});
bytes.run();

const choice = suite("synthesize :: stacks");
choice("only those asked for are written", async () => {
  const folder = tempFolder();
  await synthesize(folder, { stacks: ["leadwire-state"] });
  assert.equal(readdirSync(join(folder, "stacks")), ["leadwire-state"]);
});
choice("the state stack can keep its state in a file, until its bucket is there", async () => {
  const folder = tempFolder();
  await synthesize(folder, { stacks: ["leadwire-state"], stateBackend: "local" });
  const { terraform } = JSON.parse(readFileSync(join(folder, "stacks/leadwire-state/cdk.tf.json"), "utf8"));
  assert.equal(terraform.backend, { local: { path: "../../../leadwire-state.tfstate" } });
});
choice.run();

const refusal = suite("synthesize :: refusal");
refusal("broken tuning of any environment stops every stack, before anything is written", async () => {
  const folder = join(tempFolder(), "out");
  const { dev: good, staging } = environments;
  const broken = { ...staging, tuning: { ...staging.tuning, notify: { batchSize: 11 } } };
  try {
    await synthesize(folder, {
      stacks: ["leadwire-dev"],
      environments: { ...environments, dev: good, staging: broken },
    });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, InvalidEnvironmentsError);
    assert.not(existsSync(folder));
  }
});
refusal.run();
