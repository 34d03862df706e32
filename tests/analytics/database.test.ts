import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mock } from "node:test";
import { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type DatabaseOptions, openDatabase } from "../../analytics/database.ts";
import { joinObjects } from "../../analytics/joined-objects.ts";
import { allDays, namedQueries } from "../../analytics/queries.ts";
import { tables } from "../../analytics/tables.ts";
import { objectsFolder } from "../helpers/analytics.ts";
import { failureOf } from "../helpers/failure.ts";
import { bareLead, enrichedLead } from "../helpers/leads.ts";
import { leadOutcome } from "../helpers/outcomes.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { withVariables } from "../helpers/variables.ts";

/** The rows of a query over a folder. */
async function rowsIn(folder: string, sql: string, options?: DatabaseOptions) {
  const database = await openDatabase(folder, options);
  try {
    return (await database.query(sql)).rows;
  } finally {
    database.close();
  }
}

const file = (folder: string, prefix: string, text: string, name = "a.json") => {
  mkdirSync(join(folder, prefix, "dt=2026-03-01"), { recursive: true });
  writeFileSync(join(folder, prefix, "dt=2026-03-01", name), text);
  return folder;
};

const database = suite("database");

database("reads every field of a lead as the file has it, whatever the case of its name", async () => {
  const [row = []] = await rowsIn(objectsFolder([enrichedLead()]), "SELECT * FROM enriched");
  const { columns = [] } = tables.find(({ name }) => name === "enriched") ?? {};
  const given = { ...enrichedLead(), test: null, dt: "2026-03-01" } as Readonly<Record<string, unknown>>;
  const entries = Object.entries(enrichedLead().foundAt ?? {}).map(([key, value]) => ({ key, value }));
  assert.equal(JSON.parse(JSON.stringify(row)), [
    ...columns.map(({ name }) => (name === "foundAt" ? entries : given[name])),
    "2026-03-01",
  ]);
});

database("reads leads of versions 1 and 2 side by side, with nothing where version 1 has no field", async () => {
  const folder = objectsFolder([bareLead(), enrichedLead()]);
  const sql =
    "SELECT schema_version, phone_e164, email_free_mail, utm_source, score FROM leads ORDER BY schema_version";
  assert.equal(await rowsIn(folder, sql), [
    [1, "+4930123456", null, null, 0],
    [2, "+4930123456", false, "google", 100],
  ]);
});

database("ignores fields that its version does not know", async () => {
  const folder = objectsFolder([{ ...enrichedLead(), later: { field: 1 } }]);
  assert.equal(await rowsIn(folder, "SELECT count(*) FROM leads"), [[1]]);
});

database("has test leads and smoke tests in the tables, and not in the views", async () => {
  const smoke = { ...bareLead(), source: "smoke" };
  const folder = objectsFolder(
    [enrichedLead(), enrichedLead({ test: true }), smoke],
    [[leadOutcome(), leadOutcome({ test: true }), leadOutcome({ source: "smoke" })]],
  );
  const count = (table: string) => rowsIn(folder, `SELECT count(*) FROM ${table}`);
  assert.equal([await count("enriched"), await count("outcomes")], [[[3]], [[3]]]);
  assert.equal([await count("leads"), await count("lead_outcomes")], [[[1]], [[1]]]);
  assert.equal(await count("leads_without_personal_data"), [[1]]);
});

database("reads a line for each lead of a digest", async () => {
  const folder = objectsFolder([], [[leadOutcome(), leadOutcome({ source: "crm" })]]);
  const sql = "SELECT source, CAST(happened_at AS varchar), seen_before FROM lead_outcomes ORDER BY source";
  assert.equal(await rowsIn(folder, sql), [
    ["crm", "2026-03-01 12:00:02.5", true],
    ["website", "2026-03-01 12:00:02.5", true],
  ]);
});

for (const { name, sql } of namedQueries) {
  database(`has no rows for ${name} where there are no objects`, async () => {
    assert.equal(await rowsIn(tempFolder(), sql()), []);
  });
}

database("reads only the days that it is opened for, and no other file than objects", async () => {
  const folder = objectsFolder([enrichedLead(), enrichedLead({ enrichedAt: "2026-03-02T00:00:00.000Z" })]);
  writeFileSync(join(folder, "enriched", "dt=2026-03-02", "b.json"), "not read");
  file(folder, "enriched", "not read", ".DS_Store");
  mkdirSync(join(folder, "outcomes", "dt=2026-03-01"), { recursive: true });
  const days = { from: "2026-03-01", to: "2026-03-01" };
  assert.equal(await rowsIn(folder, "SELECT dt FROM leads WHERE dt LIKE '2026-%'", { days }), [["2026-03-01"]]);
  assert.equal(await rowsIn(folder, "SELECT dt FROM lead_outcomes", { days }), []);
});

const broken = [
  ["enriched", '{"id":"a"}\n{"id":"b","score":"jane@roe.example"}', 2],
  ["enriched", '{"email":"jane@roe.example"}', 1],
  ["outcomes", '["jane@roe.example"]', 1],
] as const;
for (const [table, text, line] of broken) {
  database(`names table, file and line, and no value, of ${text}`, async () => {
    const folder = file(tempFolder(), table, text);
    const { message } = await failureOf(rowsIn(folder, `SELECT * FROM ${table}`));
    const path = join(folder, table, "dt=2026-03-01", "a.json");
    assert.is(message, `Table ${table}: ${path}, line ${line}: this is no JSON object, or a field is not of its type.`);
  });
}

const lines = [
  ['{"score":1}\n\n{"score":2}\n', '\r\n{"score":3}\n\n{"score":"jane@roe.example"}\n{"score":4}', '{"score":5}'],
  ['{"score":1}\n\n{"score":2}\n', '\r\n{"score":3}\n\n{"score": jane@roe.example}\n{"score":4}', '{"score":5}'],
];
for (const objects of lines) {
  database(`names the object and the line of ${objects[1]?.slice(18, -12)} among others of the day`, async () => {
    const folder = tempFolder();
    for (const [index, text] of objects.entries()) file(folder, "enriched", text, `${index}.json`);
    const { message } = await failureOf(rowsIn(folder, "SELECT * FROM enriched"));
    assert.match(message, `${join(folder, "enriched", "dt=2026-03-01", "1.json")}, line 4: `);
  });
}

database("downloads nothing, writes nothing, keeps no order, and lets no SQL change that", async () => {
  const rows = await rowsIn(
    objectsFolder([enrichedLead()]),
    `SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions'
    OR name IN ('temp_directory', 'enable_external_access', 'lock_configuration', 'preserve_insertion_order') ORDER BY name`,
  );
  assert.equal(rows, [
    ["autoinstall_known_extensions", "false"],
    ["autoload_known_extensions", "false"],
    ["enable_external_access", "false"],
    ["lock_configuration", "true"],
    ["preserve_insertion_order", "false"],
    ["temp_directory", ""],
  ]);
});

database("names the object whose text is not in UTF-8", async () => {
  const folder = file(tempFolder(), "enriched", '{"id":"a"}');
  writeFileSync(join(folder, "enriched", "dt=2026-03-01", "b.json"), Buffer.from('{"id":"\xe9"}', "latin1"));
  const { message } = await failureOf(rowsIn(folder, "SELECT * FROM enriched"));
  assert.match(message, /^Table enriched: .*b\.json, line 1: /);
});

database("names the file of what is no JSON", async () => {
  const folder = file(tempFolder(), "enriched", '{"id": jane@roe.example}');
  const { message } = await failureOf(rowsIn(folder, "SELECT * FROM enriched"));
  assert.match(message, /^Table enriched: .*a\.json, line 1: this is no JSON/);
  assert.not.match(message, "jane");
});

database("says what is wrong with the SQL", async () => {
  const { message } = await failureOf(rowsIn(tempFolder(), "SELECT nothing FROM leads"));
  assert.match(message, /"nothing" not found/);
});

for (const sql of [
  ...["SELECT * FROM read_text('/etc/hostname')", "INSTALL httpfs", "SET autoinstall_known_extensions = true"],
  ...["COPY (SELECT 1) TO '/tmp/leadwire.csv'", "SELECT * FROM 'https://leadwire.example/a.csv'"],
]) {
  database(`neither reads other files nor downloads or writes: ${sql}`, async () => {
    const { message } = await failureOf(rowsIn(objectsFolder([enrichedLead()]), sql));
    assert.match(message, /disabled by configuration|configuration has been locked|HTTPFS/i);
  });
}

database("has paths with quotes and wildcards", async () => {
  const folder = join(objectsFolder([]), "it's [a]*");
  file(folder, "enriched", JSON.stringify(enrichedLead()));
  assert.equal(await rowsIn(folder, "SELECT count(*) FROM leads"), [[1]]);
});

database("reads no table that a query does not use", async () => {
  const folder = file(objectsFolder([enrichedLead()]), "outcomes", "not read");
  assert.equal(await rowsIn(folder, "SELECT count(*) FROM leads"), [[1]]);
  assert.equal(await rowsIn(folder, "SELECT count(*) FROM query_table('leads')"), [[1]]);
});

database("reads tables that DuckDB does not name", async () => {
  const folder = objectsFolder([enrichedLead()], [[leadOutcome()]]);
  const sql = "PIVOT (FROM leads JOIN lead_outcomes USING (source)) ON outcome USING count(*) GROUP BY source";
  assert.equal(await rowsIn(folder, sql), [["website", 1]]);
});

database("deletes what it wrote and gives its memory back, after an error too", async () => {
  const folder = file(objectsFolder([enrichedLead()]), "outcomes", "no JSON");
  const TMPDIR = tempFolder();
  await withVariables({ TMPDIR }, async () => {
    const opened = await openDatabase(folder);
    await opened.query("SELECT * FROM leads");
    await failureOf(opened.query("SELECT * FROM outcomes"));
    const [name = "", ...others] = readdirSync(TMPDIR);
    assert.match(name, /^leadwire-query-/);
    const closing = [DuckDBConnection, DuckDBInstance].map(({ prototype }) => mock.method(prototype, "closeSync"));
    opened.close();
    assert.equal([others, readdirSync(TMPDIR)], [[], []]);
    for (const { mock: close } of closing) {
      assert.is(close.callCount(), 1);
      close.restore();
    }
  });
});

/** Milliseconds after which DuckDB is interrupted again: it ignores an interruption of what has not begun. */
const again = 50;
const interrupted: readonly [string, readonly string[], string, readonly number[]][] = [
  ["while objects are read", [], "SELECT count(*) FROM leads", []],
  [
    "in a long query",
    ["SHOW TABLES"],
    "SELECT count(*) FROM range(1000000) a, range(100000000) b WHERE a <> b",
    [again],
  ],
];
for (const [when, before, sql, repeated] of interrupted) {
  database(`ends with the reason of an interruption ${when}`, async () => {
    const controller = new AbortController();
    const interruption = new Error("interrupted");
    const opened = await openDatabase(objectsFolder([enrichedLead()]), { signal: controller.signal });
    const { runAndReadAll } = DuckDBConnection.prototype;
    for (const statement of before) await opened.query(statement);
    const intervals = mock.method(globalThis, "setInterval");
    const running = mock.method(
      DuckDBConnection.prototype,
      "runAndReadAll",
      function (this: DuckDBConnection, text: string) {
        const result = runAndReadAll.call(this, text);
        if (text === sql) controller.abort(interruption);
        return result;
      },
    );
    const failure = failureOf(opened.query(sql));
    if (repeated.length === 0) controller.abort(interruption);
    assert.is(await failure, interruption);
    running.mock.restore();
    assert.equal(
      intervals.mock.calls.map(({ arguments: [, milliseconds] }) => milliseconds),
      repeated,
    );
    intervals.mock.restore();
    opened.close();
  });
}

database("reads a thousand objects between two looks at whether it is interrupted", async () => {
  const [from, to] = [tempFolder(), tempFolder()];
  for (let count = 0; count < 1001; count += 1) file(from, "", "{}", `${count}.json`);
  const controller = new AbortController();
  const interruption = new Error("interrupted");
  const failure = failureOf(joinObjects(from, to, allDays, controller.signal));
  controller.abort(interruption);
  assert.is(await failure, interruption);
  assert.is(readFileSync(join(to, "dt=2026-03-01", "objects.json"), "utf8"), "{}\n".repeat(1000));
});

database.run();
