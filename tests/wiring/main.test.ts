import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Environment } from "../../environments/environment.ts";
import { environmentNames, environments } from "../../environments/index.ts";
import { failureOf } from "../helpers/failure.ts";
import { sourceSecrets } from "../helpers/source-secrets.ts";
import { ref, SynthesizedStack } from "../helpers/synth.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { freshImport } from "./fresh-import.ts";

interface Run {
  readonly code: number | undefined;
  readonly printed: string;
}

/** Runs main.ts in this process, which is already warm: in a folder, with nothing but the given variables. */
async function runMain(folder: string, variables: Readonly<Record<string, string>> = {}): Promise<Run> {
  const before = { folder: process.cwd(), error: console.error, exitCode: process.exitCode };
  const { CDKTF_OUTDIR: _, LEADWIRE_STATE_BACKEND: __, ...rest } = process.env;
  const own = process.env;
  const printed: string[] = [];
  process.chdir(folder);
  process.env = { ...rest, ...variables };
  console.error = (text: string) => printed.push(text);
  process.exitCode = undefined;
  try {
    await freshImport("main.ts");
    return { code: process.exitCode, printed: printed.join("\n") };
  } finally {
    process.chdir(before.folder);
    process.env = own;
    console.error = before.error;
    process.exitCode = before.exitCode;
  }
}

const stack = (outdir: string, name: string) => new SynthesizedStack(join(outdir, "stacks", name));
const names = [...environmentNames, "state", "ci"].map((name) => `leadwire-${name}`).sort();

const written = tempFolder();

const main = suite("main.ts");
main("writes every stack to cdktf.out, each with its state in the bucket, and exits 0", async () => {
  assert.equal(await runMain(written), { code: undefined, printed: "" });
  const outdir = join(written, "cdktf.out");
  assert.equal(readdirSync(join(outdir, "stacks")).sort(), names);
  for (const name of names) {
    assert.is((stack(outdir, name).file.terraform.backend.s3 as { key: string }).key, `${name}/terraform.tfstate`);
  }
});
main(
  "CDKTF_OUTDIR chooses the folder, and LEADWIRE_STATE_BACKEND=local keeps the state bucket's own state in a file",
  async () => {
    const [folder, outdir] = [tempFolder(), join(tempFolder(), "elsewhere")];
    const run = await runMain(folder, { CDKTF_OUTDIR: outdir, LEADWIRE_STATE_BACKEND: "local" });
    assert.equal(run, { code: undefined, printed: "" });
    assert.not(existsSync(join(folder, "cdktf.out")));
    const backends = names.map((name) => Object.keys(stack(outdir, name).file.terraform.backend));
    assert.equal(
      backends,
      names.map((name) => [name === "leadwire-state" ? "local" : "s3"]),
    );
  },
);
main("another state backend ends with exit 1 and says what it must be, before anything is written", async () => {
  const folder = tempFolder();
  const { code, printed } = await runMain(folder, { LEADWIRE_STATE_BACKEND: "azurerm" });
  assert.is(code, 1);
  assert.is(printed, 'LEADWIRE_STATE_BACKEND is "azurerm": it must be local or s3.');
  assert.equal(readdirSync(folder), []);
});
main("environments that break rules end with exit 1 and name each rule, without a stack trace", async () => {
  const folder = tempFolder();
  const { dev, staging, prod } = environments;
  const { tuning } = dev;
  const broken = {
    dev: {
      ...dev,
      api: { requestsPerSecond: 10_001, burst: 0 },
      leadRetentionDays: 4,
      slack: { ...dev.slack, routes: [{ channel: "sales", when: { sources: ["nobody"] } }] },
      tuning: { ...tuning, enrich: { maximumConcurrency: 1 }, notify: { ...tuning.notify, timeoutSeconds: 14 } },
    },
    staging: {
      ...staging,
      latencyBudgetSeconds: 39,
      tuning: {
        ...tuning,
        enrich: { batchingWindowSeconds: 1 },
        notify: { ...tuning.notify, batchingWindowSeconds: 1 },
      },
    },
    prod: {
      ...prod,
      email: { ...prod.email, sender: "leadwire@evil-leads.example.com" },
      tuning: { ...prod.tuning, ingest: { timeoutSeconds: 31, memoryMb: 127, reservedConcurrency: 0 } },
    },
  };
  Object.assign(environments, broken);
  try {
    const { code, printed } = await runMain(folder);
    assert.is(code, 1);
    assert.equal([...printed.matchAll(/environments\.(\S+) is /g)].map(([, path]) => path).toSorted(), [
      "dev.api.burst",
      "dev.api.requestsPerSecond",
      "dev.leadRetentionDays",
      "dev.slack.routes[0].when",
      "dev.tuning.enrich.maximumConcurrency",
      "dev.tuning.notify.timeoutSeconds",
      "prod.email",
      "prod.tuning.ingest.memoryMb",
      "prod.tuning.ingest.reservedConcurrency",
      "prod.tuning.ingest.timeoutSeconds",
      "staging.latencyBudgetSeconds",
    ]);
    assert.not.match(printed, /\n\s+at /);
    assert.equal(readdirSync(folder), []);
  } finally {
    Object.assign(environments, { dev, staging, prod });
  }
});
main("an error that is not Leadwire's own is not hidden", async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "cdktf.out"), "a file is in the way");
  assert.match((await failureOf(runMain(folder))).message, "EEXIST");
});
main.run();

const outputs = suite("main.ts :: outputs");
const valuesOf = (name: string) => {
  const { output } = stack(join(written, "cdktf.out"), name).file;
  return Object.fromEntries(Object.entries(output).map(([key, { value }]) => [key, value]));
};
for (const name of environmentNames) {
  outputs(`of ${name} lead to its resources and secrets, and in production to its DNS records`, () => {
    const { email }: Environment = environments[name];
    const values = valuesOf(`leadwire-${name}`);
    assert.is(values.endpoint, ref("aws_apigatewayv2_api.api.api_endpoint"));
    assert.is(values.leads_bucket, ref("aws_s3_bucket.leads_bucket.bucket"));
    assert.equal(values.source_secret_parameters, sourceSecrets(name));
    const { domain } = email.mode === "production" ? email : { domain: undefined };
    assert.is("dkim_records" in values, domain !== undefined);
    if (domain) assert.match(String(values.dkim_records), `._domainkey.${domain}`);
  });
}
outputs("of the state stack name its bucket", () => {
  assert.equal(valuesOf("leadwire-state"), { state_bucket: ref("aws_s3_bucket.state.bucket") });
});
outputs.run();
