import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import { fuzzedBodies } from "../../helpers/fuzz/bodies.ts";
import { trace } from "../../helpers/fuzz/chain.ts";
import { bareLead, enrichedLead } from "../../helpers/leads.ts";
import { madeUpLeads } from "../../helpers/made-up-leads.ts";

const file = new URL("../../../docs/enriched-lead.schema.json", import.meta.url);
const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(file, "utf8")));

/** What the JSON Schema says against a value. */
const objections = (value: unknown) =>
  validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);

const schema = suite("JSON Schema of the enriched lead");

schema("accepts the full lead, the bare one, a test and version 1", () => {
  for (const lead of [enrichedLead(), bareLead(), enrichedLead({ test: true }), bareLead({ schemaVersion: 1 })]) {
    assert.equal(objections(lead), []);
  }
});

/** Paths of all values that are no objects themselves. */
const paths = (value: object): string[][] =>
  Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "object" ? paths(inner).map((rest) => [name, ...rest]) : [[name]],
  );

for (const path of paths(enrichedLead())) {
  schema(`refuses what the lead's own check refuses at ${path.join(".")}`, () => {
    for (const wrong of [null, "", { "": 1 }, "\u0007", "x".repeat(6000), -1, 1e9, []]) {
      const broken = structuredClone(enrichedLead()) as object;
      const holder = path.slice(0, -1).reduce((inner, name) => Reflect.get(inner, name), broken);
      Reflect.set(holder, path.at(-1) ?? "", wrong);
      assert.throws(() => checkEnrichedLead(broken), `the lead's own check takes ${JSON.stringify(wrong)}`);
      assert.ok(objections(broken).length > 0, `the JSON Schema takes ${JSON.stringify(wrong).slice(0, 50)}`);
    }
  });
}

schema("refuses a lead without a required field, and one without email and phone", () => {
  for (const name of Object.keys(bareLead())) {
    const { [name as "id"]: _, ...rest } = bareLead();
    assert.ok(objections(rest).length > 0, name);
  }
  assert.equal(objections({ ...enrichedLead(), schemaVersion: 3, test: false }), [
    "/schemaVersion enum",
    "/test const",
  ]);
});

schema("accepts every lead that enrich makes of made-up leads", async () => {
  for await (const lead of madeUpLeads(11, 500, "DE")) {
    assert.equal(objections(JSON.parse(JSON.stringify(lead))), []);
  }
});

schema("accepts every lead that enrich makes of hostile files", async () => {
  const bodies = fc.sample(fuzzedBodies, { numRuns: 300, seed: 20_261_127 });
  const traces = await Promise.all(bodies.map((body) => trace({ ...body, way: "file" })));
  const leads = traces.flatMap((one) => one.leads);
  assert.ok(leads.length > 100, `${leads.length} leads`);
  for (const lead of leads) assert.equal(objections(lead), []);
});

schema.run();
