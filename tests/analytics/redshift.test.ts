import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tables } from "../../analytics/tables.ts";
import { redshiftSql } from "../../scripts/shared/redshift-sql.ts";
import { enrichedLead } from "../helpers/leads.ts";
import { leadOutcome } from "../helpers/outcomes.ts";

/** The types of a table's columns by their names, read from the SQL. */
const columnsOf = (table: string) => {
  const [, list = ""] =
    new RegExp(`CREATE TABLE IF NOT EXISTS ${table} \\(\\n(.*?)\\n\\);`, "s").exec(redshiftSql) ?? [];
  return list.split(",\n").map((line) => /^ {2}"([a-z]+)" (\S+)$/.exec(line)?.slice(1) ?? [line]);
};

/** The type into which COPY loads a value of JSON. The only format of times is one that TIMEFORMAT 'auto' recognizes. */
const typeOf = (value: unknown) => {
  if (typeof value === "object") return "SUPER";
  if (typeof value === "boolean") return "BOOLEAN";
  if (Number.isInteger(value)) return "BIGINT";
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value)) ? "TIMESTAMPTZ" : "VARCHAR(MAX)";
};

const sql = suite("Redshift");

const { warnings: _, ...lead } = enrichedLead({ test: true });
const records = {
  enriched: { ...lead, warnings: ["phone: unknown"] },
  outcomes: leadOutcome({ reason: "NoContact", test: true }),
};
for (const [table, record] of Object.entries(records)) {
  sql(`loads every field of a record of ${table} into a column of its type, without regard to case`, () => {
    const expected = Object.entries(record).map(([name, value]) => [name.toLowerCase(), typeOf(value)]);
    assert.equal(columnsOf(table).sort(), [...expected, ["dt", "DATE"]].sort());
  });
}

sql("has columns that hold the longest text of a lead, of which Redshift counts the bytes", () => {
  const schema = readFileSync(new URL("../../docs/enriched-lead.schema.json", import.meta.url), "utf8");
  const lengths = [...schema.matchAll(/"maxLength": (\d+)/g)].map(([, length]) => Number(length));
  assert.ok(lengths.includes(5000));
  // https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
  for (const length of lengths) assert.ok(length * 4 <= 65_535, `${length}`);
});

sql("copies the files of a day with the role, in the words of AWS", () => {
  const copies = redshiftSql.split(";\n").filter((statement) => statement.startsWith("COPY"));
  assert.equal(
    copies,
    ["enriched", "outcomes"].map(
      (name) =>
        `COPY ${name}_of_day\n  FROM 's3://\${bucket}/${name}/dt=\${day}/'\n  REGION '\${region}' IAM_ROLE '\${role}'\n` +
        "  FORMAT JSON 'auto ignorecase' TIMEFORMAT 'auto'",
    ),
  );
});

sql("has no variable but those that docs/consumers.md names", () => {
  const names = new Set(
    [...redshiftSql.matchAll(/\$\{?(\w*)\}?/g)].map(([text, name]) => (text.endsWith("}") ? name : text)),
  );
  assert.equal([...names].sort(), ["bucket", "day", "region", "role"]);
});

/** The SQL of a day in DuckDB, whose COPY is another: rows of these ids take its place. */
const load = (day: string, ids: readonly string[]) =>
  redshiftSql
    .replaceAll(/\$\{day\}/g, day)
    .replaceAll(" SUPER", " VARCHAR")
    .replaceAll("VARCHAR(MAX)", "VARCHAR")
    .replaceAll(/\(LIKE (\w+)\)/g, "AS SELECT * FROM $1 LIMIT 0")
    .replaceAll(
      /^COPY (\w+)[^;]*;/gm,
      ids.length > 0 ? `INSERT INTO $1 (id) VALUES ${ids.map((id) => `('${id}')`)};` : "SELECT error('no file');",
    );

sql("replaces a day when it is loaded again, and touches no other day", async () => {
  const database = await (await DuckDBInstance.create(":memory:")).connect();
  const rows = async (table: string) => {
    const result = await database.runAndReadAll(`SELECT id || ' ' || dt FROM ${table} ORDER BY ALL`);
    return result.getRows().flat();
  };
  try {
    await database.run(load("2026-11-26", ["a", "b"]));
    await database.run(load("2026-11-27", ["c"]));
    await database.run(load("2026-11-26", ["b", "d"]));
    for (const { name } of tables) assert.equal(await rows(name), ["b 2026-11-26", "c 2026-11-27", "d 2026-11-26"]);
    const failure = await database.run(load("2026-11-27", [])).catch((error: Error) => error.message);
    assert.match(String(failure), "no file");
    await database.run("ROLLBACK");
    for (const { name } of tables) assert.is((await rows(name)).length, 3);
  } finally {
    database.closeSync();
  }
});

sql.run();
