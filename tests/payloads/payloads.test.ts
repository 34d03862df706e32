import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { TriedLead } from "../../try/try-payload.ts";
import { leadProblems } from "../helpers/fuzz/chain.ts";
import { leadsOf, leadTable, type PayloadCase, payloadFiles } from "./cases.ts";
import { differences } from "./compare.ts";

const json = (path: string) => JSON.parse(readFileSync(join(import.meta.dirname, path), "utf8"));

/** The most values that may be missing. Lower them when fewer are; they never rise. */
const bounds: { readonly files: number; readonly table: number } = json("missing.json");

interface Tried extends PayloadCase {
  readonly leads: readonly TriedLead[];
}

const tried = async (cases: readonly PayloadCase[]): Promise<readonly Tried[]> =>
  Promise.all(cases.map(async (one) => ({ ...one, leads: await leadsOf(one) })));

/** With a country of phone numbers for leads that name none, as most environments have it. */
const withDefaultCountry = (one: PayloadCase): PayloadCase => ({
  ...one,
  settings: { defaultCountry: "US", ...one.settings },
});

const files = await tried(payloadFiles());
const table = await tried(leadTable());
const all = [...files, ...table];

const payloads = suite("payloads");

for (const [name, cases, bound] of [
  ["payload files", files, bounds.files],
  ["table of leads", table, bounds.table],
] as const) {
  payloads(`${name} :: no value is wrong, and no more values are missing than before`, () => {
    const found = cases.map((one) => ({ name: one.name, ...differences(one.expected, one.leads) }));
    const wrong = found.flatMap((one) => one.wrong.map((text) => `${one.name}: ${text}`));
    const missing = found.flatMap((one) => one.missing.map((text) => `${one.name}: ${text}`));
    console.log(`${name}: ${cases.length} cases, ${wrong.length} values wrong, ${missing.length} missing`);
    assert.equal(wrong, []);
    assert.ok(missing.length <= bound, `${missing.length} are missing, ${bound} may be:\n${missing.join("\n")}`);
  });
}

payloads("no value is wrong in an environment with a default country either", async () => {
  const found = (await tried(all.map(withDefaultCountry))).map((one) => ({
    name: one.name,
    ...differences(one.expected, one.leads),
  }));
  assert.equal(
    found.flatMap((one) => one.wrong.map((text) => `${one.name}: ${text}`)),
    [],
  );
});

payloads("there are at least 200 leads from 30 countries in the table, and 40 files", () => {
  const countries = new Set(table.flatMap(({ leads }) => leads.flatMap(({ lead }) => lead?.country ?? [])));
  assert.ok(table.length >= 200 && countries.size >= 30 && files.length >= 40);
});

payloads("every enriched lead fits the JSON Schema", () => {
  const validate = new Ajv2020({ allErrors: true }).compile(json("../../docs/enriched-lead.schema.json"));
  for (const { name, leads } of all) {
    for (const { lead } of leads) if (lead) assert.ok(validate(lead), `${name}: ${JSON.stringify(validate.errors)}`);
  }
});

payloads("the same payload becomes the same bytes", async () => {
  for (const one of all) assert.is(JSON.stringify(await leadsOf(one)), JSON.stringify(one.leads), one.name);
});

payloads("no lead breaks a Slack message or an email", () => {
  for (const { name, leads } of all) {
    assert.equal(leadProblems(leads.flatMap(({ lead }) => lead ?? [])), [], name);
  }
});

payloads.run();
