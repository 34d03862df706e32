import { smokeSource } from "../functions/lead/lead-id.ts";
import type { Column } from "./columns.ts";
import { partition, type Table, tables } from "./tables.ts";

/** A view with plain names. Its SQL is the same for Athena and DuckDB. */
export interface View {
  readonly name: string;
  readonly meaning: string;
  /** The table below it. */
  readonly table: Table["name"];
  readonly columns: readonly Column[];
  readonly sql: string;
}

const day: Column = {
  name: partition,
  type: { kind: "text" },
  meaning: "The day of the file, in UTC. A condition on it makes a query cheap.",
  personal: false,
};

/** Names are quoted, because some are words of SQL. */
const quoted = (path: readonly string[]) => path.map((name) => `"${name.toLowerCase()}"`).join(".");

/** `freeMail` as `free_mail`. */
const inSnakeCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A column of a view, and its value. */
interface Item {
  readonly column: Column;
  readonly value: string;
}

/** Items for a column of a table: one for each field of an object, with the names of both. */
function flat({ name, type, ...about }: Column, above: readonly string[] = []): Item[] {
  const path = [...above, name];
  if (type.kind === "struct") return type.fields.flatMap((field) => flat(field, path));
  const column = { ...about, name: path.map(inSnakeCase).join("_") };
  if (type.kind !== "time") return [{ column: { ...column, type }, value: quoted(path) }];
  // Trino: a time with a zone becomes one without, which is UTC because all times in the files are.
  const value = `CAST(from_iso8601_timestamp(${quoted(path)}) AS timestamp)`;
  return [{ column: { ...column, type: { kind: "timestamp" } }, value }];
}

/** A view without test leads and smoke tests, which belong into no figure. */
function view(name: string, table: Table["name"], meaning: string, isIn = (_column: Column) => true): View {
  const { columns = [] } = tables.find((one) => one.name === table) ?? {};
  const items = [{ column: day, value: quoted([partition]) }, ...columns.flatMap((column) => flat(column))];
  const chosen = items.filter(({ column }) => column.name !== "test" && isIn(column));
  const list = chosen.map(({ column, value }) => `  ${value} AS "${column.name}"`).join(",\n");
  const sql = `SELECT\n${list}\nFROM ${table}\nWHERE "source" <> '${smokeSource}' AND "test" IS NULL`;
  return { name, meaning, table, columns: chosen.map(({ column }) => column), sql };
}

export const views: readonly View[] = [
  view("leads", "enriched", "A row for every lead. Test leads are left out."),
  view(
    "leads_without_personal_data",
    "enriched",
    "The view leads without the columns that say something of a person.",
    ({ personal }) => !personal,
  ),
  view("lead_outcomes", "outcomes", "A row for every outcome of a lead. Test leads are left out."),
];
