import { faker } from "@faker-js/faker";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { macros, openDatabase } from "../../analytics/database.ts";
import { namedQueries } from "../../analytics/queries.ts";
import { views } from "../../analytics/views.ts";
import type { EnrichedLead } from "../../functions/lead/enriched-lead.ts";
import { webhookLeadId } from "../../functions/lead/lead-id.ts";
import type { LeadOutcome } from "../../functions/lead/outcome.ts";
import { objectsFolder, objectsIn } from "../helpers/analytics.ts";
import { independentCounts } from "../helpers/independent-counts.ts";
import { enrichedLead } from "../helpers/leads.ts";
import { madeUpLeads } from "../helpers/made-up-leads.ts";

faker.seed(20_261_127);
const one = <T>(all: readonly T[]): T => faker.helpers.arrayElement(all);
const often = <T extends object>(probability: number, fields: T): Partial<T> =>
  faker.datatype.boolean({ probability }) ? fields : {};
const begin = Date.parse("2026-10-20T00:00:00Z");
const time = (milliseconds: number) => new Date(begin + milliseconds).toISOString();

/** Made-up leads of four weeks, versions and sources, with smoke tests and test leads among them. */
async function someLeads(): Promise<EnrichedLead[]> {
  const leads: EnrichedLead[] = [];
  for await (const lead of madeUpLeads(7, 500, "DE")) {
    const source = one(["website", "website", "crm", "smoke", "ads-2"]);
    const at = faker.number.int(28 * 86_400_000);
    leads.push({
      ...lead,
      schemaVersion: one([1, 2]),
      id: webhookLeadId(source, leads.length),
      source,
      receivedAt: time(at),
      enrichedAt: time(at + faker.number.int(5000)),
      ...often(0.1, { test: true as const }),
      ...often(0.3, {
        company: { name: one(["Acme", "Zeta & Söhne", "acme"]), domain: one(["a.example", "b.example"]) },
      }),
      warnings: often(0.2, { warnings: one([["phone: unknown"], ["url: unknown", "phone: unknown"]]) }).warnings ?? [],
    });
  }
  return leads;
}

/** What became of leads, some of them in digests, some twice, and some not at all. */
function someOutcomes(leads: readonly EnrichedLead[]): LeadOutcome[][] {
  const outcomes: LeadOutcome[][] = [];
  for (let next = 0; next < leads.length; ) {
    const digest = leads.slice(next, next + one([1, 1, 3, 10]));
    next += digest.length;
    const [channel, destination] = [one(["slack", "email"]), one(["sales", "emea"])];
    const last = Math.max(...digest.map(({ receivedAt }) => Date.parse(receivedAt)));
    const happenedAt = new Date(last + faker.number.int(20_000)).toISOString();
    const announced = digest.map(({ id, source, receivedAt, test }): LeadOutcome => {
      const milliseconds = Date.parse(happenedAt) - Date.parse(receivedAt);
      const about = { schemaVersion: 1 as const, id, source, happenedAt, receivedAt, ...(test && { test }) };
      const repeat = { ...often(0.2, { seenBefore: true as const }), ...often(0.1, { mayBeRepeat: true as const }) };
      if (faker.datatype.boolean({ probability: 0.05 }))
        return { ...about, outcome: "deadLettered", reason: "InvalidLead" };
      return { ...about, outcome: "announced", milliseconds, channel, destination, ...repeat };
    });
    if (faker.datatype.boolean({ probability: 0.9 })) outcomes.push(announced);
    if (faker.datatype.boolean({ probability: 0.1 })) outcomes.push(announced);
    if (faker.datatype.boolean({ probability: 0.2 })) {
      const [{ happenedAt, source } = { happenedAt: time(0), source: "crm" }] = announced;
      const id = webhookLeadId(source, "rejected", next);
      const about = { schemaVersion: 1 as const, id, source, happenedAt };
      outcomes.push([{ ...about, outcome: "deadLettered", reason: one(["NoContact", "NotJson"]) }]);
      outcomes.push([{ ...about, outcome: "ignored", reason: one(["test lead", "the event says more"]) }]);
    }
  }
  return outcomes;
}

const queries = suite("named queries");
const made = someLeads().then(async (leads) => {
  const folder = objectsFolder(leads, someOutcomes(leads));
  return { database: await openDatabase(folder), objects: objectsIn(folder) };
});
queries.after(async () => {
  (await made).database.close();
});

for (const { name, sql } of namedQueries) {
  queries(`${name} has the rows of an independent count`, async () => {
    const { database, objects } = await made;
    const { [name]: expected = [] } = independentCounts(objects);
    assert.ok(expected.length > 1, `${expected.length} rows`);
    assert.equal((await database.query(sql())).rows, expected);
  });

  queries(`${name} reads the days that it is asked for`, async () => {
    const { database, objects } = await made;
    const days = { from: "2026-10-26", to: "2026-11-02" };
    const { leads, outcomes } = objects;
    const isIn = ({ dt }: { readonly dt: string }) => dt >= days.from && dt <= days.to;
    const later = outcomes.filter(({ dt }) => dt >= days.from);
    const shown = name === "unannounced-leads" ? later : outcomes.filter(isIn);
    const expected = independentCounts({ leads: leads.filter(isIn), outcomes: shown });
    assert.equal((await database.query(sql(days))).rows, expected[name]);
  });

  queries(`${name} says what it is in a sentence, and uses views only`, () => {
    const { meaning } = namedQueries.find((query) => query.name === name) ?? {};
    assert.match(meaning ?? "", /^[A-Z].*\.$/);
    const known = new Set([...views.map((view) => view.name), "(", "UNNEST(warnings)"]);
    const used = [...sql().matchAll(/\b(?:FROM|JOIN) +(\(|[\w()]+)/g)].map(([, table = ""]) => table);
    assert.equal(
      used.filter((table) => !known.has(table)),
      [],
    );
  });
}

/** Functions and types of Trino 400 and later that DuckDB has with the same meaning. https://trino.io/docs/current/functions.html */
const common = new Set([
  ...["count", "sum", "min", "max", "bool_or", "round", "coalesce", "date_trunc", "cast", "unnest"],
  ...["unnested", "join", "from", "as", "not", "and"],
]);

queries("use only functions that both dialects know, or that have a macro, and each macro is used", () => {
  const all = [...namedQueries.map(({ sql }) => sql()), ...views.map(({ sql }) => sql)].join("\n");
  const called = new Set([...all.matchAll(/\b(\w+) ?\(/g)].map(([, name = ""]) => name.toLowerCase()));
  const macroNames = new Set(Object.keys(macros));
  assert.equal(
    [...called].filter((name) => !common.has(name) && !macroNames.has(name)),
    [],
  );
  assert.equal(
    [...macroNames].filter((name) => !called.has(name)),
    [],
  );
});

queries("top-companies names 50 companies", async () => {
  const leads = Array.from({ length: 51 }, (_, index) => enrichedLead({ company: { domain: `${index}.example` } }));
  const database = await openDatabase(objectsFolder(leads));
  const sql = namedQueries.find(({ name }) => name === "top-companies")?.sql() ?? "";
  assert.is((await database.query(sql)).rows.length, 50);
  database.close();
});

queries("have a macro for a time with a zone, which is in UTC", async () => {
  const { rows } = await (await made).database.query(
    "SELECT CAST(from_iso8601_timestamp('2026-03-01T23:59:59.999Z') AS timestamp)",
  );
  assert.equal(rows, [["2026-03-01 23:59:59.999"]]);
});

queries("have a macro for percentiles, the value that the share of the values does not exceed", async () => {
  const { rows } = await (await made).database.query(
    "SELECT approx_percentile(n, 0.5), approx_percentile(n, 0.99) FROM (SELECT unnest(range(1, 102)) AS n)",
  );
  assert.equal(rows, [[51, 100]]);
});

queries.run();
