import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runScript } from "../helpers/script.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { ownAccounts, Workplace } from "./deploy-fixtures.ts";

const main = suite("deploy main");

main("plan synthesizes the real stack alone, into the folder that CDKTF_OUTDIR names", async () => {
  const { folder, outdir, calls: _, ...place } = new Workplace();
  const env = { PATH: [join(folder, "bin"), "/usr/bin", "/bin"].join(delimiter), CDKTF_OUTDIR: outdir, ...ownAccounts };
  const { code, stderr } = await runScript("deploy/main.ts", ["plan", "dev"], env);
  assert.equal([code, stderr.trim()], [0, `The plan is in ${place.plans}. npm run apply -- dev applies it.`]);
  const isSynthesized = (name: string) => existsSync(join(outdir, "stacks", name, "cdk.tf.json"));
  assert.equal(["leadwire-dev", "leadwire-prod"].map(isSynthesized), [true, false]);
});

main("a fresh clone, whose accounts are examples, plans nothing", async () => {
  const { code, stderr } = await runScript("deploy/main.ts", ["plan", "state"], { CDKTF_OUTDIR: tempFolder() });
  assert.equal(
    [code, stderr.trim()],
    [1, "The account 123456789012 in environments/state.ts is an example of AWS: put yours there."],
  );
});

main("a stack that there is not ends with 2", async () => {
  const { code, stderr } = await runScript("deploy/main.ts", ["apply", "nowhere"]);
  assert.is(code, 2);
  assert.match(stderr, "Allowed: dev, staging, prod, state, ci.");
});

main.run();
