import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as yup from "yup";
import { type Column, columnsOf, typeIn } from "../../analytics/columns.ts";
import { tables } from "../../analytics/tables.ts";
import { views } from "../../analytics/views.ts";
import { flag, isoTime, line } from "../../functions/lead/fields.ts";
import { enrichedLead } from "../helpers/leads.ts";
import { leadOutcome } from "../helpers/outcomes.ts";

const columns = suite("columns");

const tableOf = (name: string) => tables.find((one) => one.name === name)?.columns ?? [];
const typesIn = (dialect: Parameters<typeof typeIn>[0], all: readonly Column[]) =>
  Object.fromEntries(all.map(({ name, type }) => [name, typeIn(dialect, type)]));

/** The shape of a value: names of fields, of the first entry of a list, and nothing of a map. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf).slice(0, 1);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, inner]) => [name, name === "foundAt" ? "map" : shapeOf(inner)]),
  );
};

/** The shape of a value that fills a type. */
const filled = (type: Column["type"]): unknown => {
  if (type.kind === "list") return [filled(type.of)];
  if (type.kind === "struct") return shapeOfColumns(type.fields);
  const kinds = { text: "string", time: "string", timestamp: "", integer: "number", boolean: "boolean", map: "map" };
  return kinds[type.kind];
};
const shapeOfColumns = (all: readonly Column[]) =>
  Object.fromEntries(all.map(({ name, type }) => [name, filled(type)] as const).sort(([a], [b]) => (a < b ? -1 : 1)));

columns("of enriched are the fields of a lead that has every field, with their types", () => {
  const { warnings: _, ...lead } = { ...enrichedLead(), test: true };
  assert.equal(shapeOfColumns(tableOf("enriched")), shapeOf({ ...lead, warnings: ["phone: unknown"] }));
});

columns("of outcomes are the fields of an outcome that has every field, with their types", () => {
  assert.equal(shapeOfColumns(tableOf("outcomes")), shapeOf(leadOutcome({ reason: "NoContact", test: true })));
});

const nested = yup.object({
  isIn: flag().meta({ personal: false }),
  atHome: yup.object({ since: isoTime().meta({ personal: false }), zipCode: line(9).meta({ personal: true }) }),
});

columns("have names in lower case in Glue and Trino, and those of the JSON in DuckDB", () => {
  assert.equal(typesIn("glue", columnsOf(nested)), { isIn: "boolean", atHome: "struct<since:string,zipcode:string>" });
  assert.is(typesIn("trino", columnsOf(nested)).atHome, 'row("since" varchar,"zipcode" varchar)');
  assert.is(typesIn("duckdb", columnsOf(nested)).atHome, 'STRUCT("since" VARCHAR,"zipCode" VARCHAR)');
});

const kinds = ["text", "time", "timestamp", "integer", "boolean", "map"] as const;
const field = { name: "isIn", type: { kind: "boolean" }, meaning: "", personal: false } as const;
const everyType = [
  ...kinds.map((kind) => ({ kind })),
  { kind: "list", of: { kind: "struct", fields: [field, { ...field, name: "at" }] } },
] as const;
for (const [dialect, types] of [
  [
    "glue",
    [
      ...["string", "string", "timestamp", "bigint", "boolean", "map<string,string>"],
      "array<struct<isin:boolean,at:boolean>>",
    ],
  ],
  [
    "trino",
    [
      ...["varchar", "varchar", "timestamp(3)", "bigint", "boolean", "map(varchar,varchar)"],
      'array(row("isin" boolean,"at" boolean))',
    ],
  ],
  [
    "duckdb",
    [
      ...["VARCHAR", "VARCHAR", "TIMESTAMP", "BIGINT", "BOOLEAN", "MAP(VARCHAR, VARCHAR)"],
      'STRUCT("isIn" BOOLEAN,"at" BOOLEAN)[]',
    ],
  ],
  ["redshift", ["VARCHAR(MAX)", "TIMESTAMPTZ", "TIMESTAMP", "BIGINT", "BOOLEAN", "SUPER", "SUPER"]],
] as const) {
  columns(`have the types of ${dialect}`, () => {
    assert.equal(
      everyType.map((type) => typeIn(dialect, type)),
      types,
    );
  });
}

columns("are personal when a part of them is", () => {
  assert.equal(
    columnsOf(nested).map(({ personal }) => personal),
    [false, true],
  );
});

columns("cannot be made of a field that does not say whether it is personal, or what it is in JSON", () => {
  assert.throws(() => columnsOf(yup.object({ a: line(9) })), /personal/);
  assert.throws(() => columnsOf(yup.object({ a: yup.string().meta({ personal: false }) })), /type of a/);
});

columns("have names that differ without regard to case", () => {
  for (const { columns } of [...tables, ...views]) {
    const names = columns.map(({ name }) => name.toLowerCase());
    assert.is(new Set(names).size, names.length);
  }
});

columns("of views are in snake case, one for each field of an object", () => {
  const names = views.find(({ name }) => name === "leads")?.columns.map(({ name }) => name) ?? [];
  for (const name of ["dt", "received_at", "email_free_mail", "phone_e164", "company_name", "other_phones"]) {
    assert.ok(names.includes(name), name);
  }
  assert.not.ok(names.includes("test"));
});

columns("of the view without personal data are those that lead to no person", () => {
  const [all, some] = ["leads", "leads_without_personal_data"].map(
    (wanted) => new Set(views.find(({ name }) => name === wanted)?.columns.map(({ name }) => name)),
  );
  assert.equal(
    [...(all ?? [])].filter((name) => !some?.has(name)),
    [
      ...["crm_id", "url", "name_full", "name_first", "name_last", "email_address", "email_domain"],
      ...["phone_e164", "phone_extension", "other_emails", "other_phones", "job_title", "message"],
      ...["owner_name", "owner_email", "landing_page", "answers", "fingerprint"],
    ],
  );
});

columns.run();
