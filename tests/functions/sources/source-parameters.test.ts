import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ReadParameters } from "../../../functions/runtime/secrets.ts";
import { createSourceReader } from "../../../functions/sources/source-parameters.ts";

const parameters = suite("parameters of sources");

parameters("are a source's settings and the secrets that are asked for, read with one request", async () => {
  const asked: unknown[][] = [];
  const read: ReadParameters = async (names, options) => {
    asked.push([names, options?.maxAge]);
    return names.map((name) => (name.endsWith("/settings") ? '{"title":"CRM"}' : `value of ${name}`));
  };
  assert.equal(await createSourceReader("/p", read)("crm", ["token", "key"], 10_000), {
    settings: { title: "CRM" },
    secrets: { token: "value of /p/crm/token", key: "value of /p/crm/key" },
  });
  assert.equal(asked, [[["/p/crm/settings", "/p/crm/token", "/p/crm/key"], 10_000]]);
});

parameters.run();
