import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { stageNames } from "../../flow.ts";
import { bundleFunction } from "../../modules/build/bundle.ts";
import matchesEntirely from "../../modules/build/matches-entirely.ts";
import { synthesizedStack } from "../helpers/synth.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { variables } from "../wiring/function-module.ts";

/** Loads each chunk of a function's zip, as an invocation may do. @returns the names of those that do not load */
async function notLoading(zip: Uint8Array): Promise<string[]> {
  const folder = tempFolder();
  const files = Object.entries(unzipSync(zip));
  for (const [name, contents] of files) writeFileSync(join(folder, name), contents);
  const results = await Promise.allSettled(files.map(([name]) => import(join(folder, name))));
  return results.flatMap((result, index) =>
    result.status === "rejected" ? `${files[index]?.[0]}: ${result.reason}` : [],
  );
}

const chunks = suite("bundles :: chunks");
chunks.before(() => {
  Object.assign(process.env, variables, { AWS_REGION: "us-east-1" });
});
for (const name of stageNames) {
  chunks(`each one of ${name} loads`, async () => {
    const { folder } = await synthesizedStack("leadwire-dev");
    assert.equal(await notLoading(readFileSync(join(folder, `assets/leadwire-dev-${name}.zip`))), []);
  });
}
chunks("phone numbers are matched with regular expressions that are made once", async () => {
  const { folder } = await synthesizedStack("leadwire-dev");
  const files = Object.entries(unzipSync(readFileSync(join(folder, "assets/leadwire-dev-enrich.zip"))));
  const phone = files.flatMap(([name, contents]) =>
    name.startsWith("phone-") ? Buffer.from(contents).toString() : [],
  );
  assert.equal(
    phone.map((code) => [...code.matchAll(/function matchesEntirely\(([^)]*)\)/g)].map(([, given]) => given)),
    [["text,pattern"]],
  );
  const [whole, part, either, none] = ["030", "0301", "a|b", undefined];
  for (const _ of ["made", "known"]) {
    assert.equal(
      [
        matchesEntirely(whole, "0\\d+"),
        matchesEntirely(part, "0\\d{2}"),
        matchesEntirely("ab", either),
        matchesEntirely(none, ""),
      ],
      [true, false, false, true],
    );
  }
});
chunks("what fetches a record loads late, with the CommonJS package that it needs", async () => {
  const folder = tempFolder();
  const entry = join(folder, "entry.ts");
  const client = join(import.meta.dirname, "../../functions/sources/fetch-record.ts");
  writeFileSync(entry, `export const load = () => import(${JSON.stringify(client)});`);
  assert.equal(await notLoading((await bundleFunction(entry)).zip), []);
});
chunks.run();
