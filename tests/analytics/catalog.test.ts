import { suite } from "uvu";
import * as assert from "uvu/assert";
import { catalogOf } from "../../analytics/catalog.ts";
import { type Column, columnsOf } from "../../analytics/columns.ts";
import { openDatabase } from "../../analytics/database.ts";
import { namedQueries } from "../../analytics/queries.ts";
import { enrichedLeadSchema } from "../../functions/lead/enriched-lead.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const catalog = suite("catalog without personal data");

/** Columns that hold no object, by their paths. */
const leaves = (columns: readonly Column[], at = ""): [path: string, personal: boolean][] =>
  columns.flatMap(({ name, type, personal }) =>
    type.kind === "struct" ? leaves(type.fields, `${at}${name}.`) : [[`${at}${name}`, personal]],
  );

catalog("has every field that is not personal, and no other", () => {
  const [enriched] = catalogOf(false).tables;
  const expected = leaves(columnsOf(enrichedLeadSchema)).filter(([, personal]) => !personal);
  assert.equal(leaves(enriched?.columns ?? []), expected);
  assert.ok(expected.some(([path]) => path === "email.freeMail"));
  const { tables, views } = catalogOf(false);
  for (const { columns } of [...tables, ...views]) assert.not(columns.some(({ personal }) => personal));
});

catalog("has the same tables and views by name, so every named query works with it", async () => {
  const names = (personalData: boolean) => {
    const { tables, views } = catalogOf(personalData);
    return [...tables, ...views].map(({ name }) => name);
  };
  assert.equal(names(false), names(true));
  const database = await openDatabase(tempFolder());
  try {
    for (const { sql } of namedQueries) {
      const { rows } = await database.query(`WITH leads AS (SELECT * FROM leads_without_personal_data) ${sql()}`);
      assert.equal(rows, []);
    }
  } finally {
    database.close();
  }
});
catalog.run();
