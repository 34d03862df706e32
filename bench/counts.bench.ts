/**
 * Compares the rows of every named query over the objects of a run with those of an independent count in JavaScript.
 * `npm run faults -- --env demo --leads 20000 --minutes 25` makes a run of all sources.
 */
import { isEqual } from "es-toolkit/predicate";
import { openDatabase } from "../analytics/database.ts";
import { namedQueries } from "../analytics/queries.ts";
import { latestObjects } from "../local/run-folder.ts";
import { objectsIn } from "../tests/helpers/analytics.ts";
import { independentCounts } from "../tests/helpers/independent-counts.ts";
import { printTable } from "./shared/print-table.ts";

/** @throws Error naming the queries whose rows differ */
export async function run({ dir = latestObjects() }: { readonly dir: string | undefined }): Promise<void> {
  if (dir === undefined)
    return console.log("\nThere was no local run whose named queries could be counted, see --dir.");
  const objects = objectsIn(dir);
  const expected = independentCounts(objects);
  const database = await openDatabase(dir);
  const rows: [name: string, rows: number, verdict: string][] = [];
  for (const { name, sql } of namedQueries) {
    const result = await database.query(sql());
    rows.push([name, result.rows.length, isEqual(result.rows, expected[name]) ? "same" : "DIFFERENT"]);
  }
  database.close();
  const sources = new Set(objects.leads.map(({ source }) => source)).size;
  const [leads, outcomes] = [objects.leads, objects.outcomes].map(({ length }) => length.toLocaleString("en"));
  printTable(
    `Named queries beside an independent count, over ${leads} leads of ${sources} sources and ${outcomes} outcomes`,
    ["query", "rows", "rows are"],
    rows,
  );
  const different = rows.filter(([, , verdict]) => verdict !== "same").map(([name]) => name);
  if (different.length > 0) throw new Error(`Rows differ: ${different.join(", ")}.`);
}
