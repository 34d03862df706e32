import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Days of the objects' keys, such as 2026-11-27, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Every day that there can be. */
export const allDays: Days = { from: "2000-01-01", to: "2999-12-31" };

/** A query with a name. Its SQL uses the views only, and what both Athena and DuckDB know. */
export interface NamedQuery {
  readonly name: string;
  /** A sentence, from the first line of its file. */
  readonly meaning: string;
  readonly sql: (days?: Days) => string;
}

const folder = join(import.meta.dirname, "queries");

/** The queries, one for each file `queries/NAME.sql`. */
export const namedQueries: readonly NamedQuery[] = readdirSync(folder)
  .sort()
  .map((file) => {
    const [first = "", ...rest] = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
    return {
      name: basename(file, ".sql"),
      meaning: first.replace(/^-- /, ""),
      sql: ({ from, to } = allDays) => rest.join("\n").replaceAll("{from}", from).replaceAll("{to}", to),
    };
  });
