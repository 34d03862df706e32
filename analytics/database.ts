import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  DuckDBDecimalValue,
  DuckDBInstance,
  type DuckDBValueConverter,
  type Json,
  JsonDuckDBValueConverter,
} from "@duckdb/node-api";
import { LeadwireError } from "../errors.ts";
import { typeIn } from "./columns.ts";
import { allDays, type Days } from "./queries.ts";
import { partition, type Table, tables } from "./tables.ts";
import { views } from "./views.ts";

/** A value of a result. A map is a list of `{key, value}`. */
export type Cell = Json;

export interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The tables, views and functions of Athena in DuckDB, over a folder on this machine. */
export interface Database {
  /** @throws QueryError */
  query(sql: string): Promise<Result>;
  close(): void;
}

export interface DatabaseOptions {
  /** Only these days are read. @default all */
  readonly days?: Days;
}

/** The query is wrong, a file cannot be read, or Athena refused. The message holds no value of a file. */
export class QueryError extends LeadwireError {
  constructor(message: string, options?: ErrorOptions) {
    super("Query", message, options);
  }
}

/** Functions of Trino, which Athena has, in DuckDB's words. It is all that is translated. */
export const macros: Readonly<Record<string, string>> = {
  from_iso8601_timestamp: "(text) AS CAST(text AS TIMESTAMP)",
  // Athena's is approximate.
  approx_percentile: "(value, share) AS quantile_disc(value, share)",
};

/** Nothing is downloaded or written, and the SQL reads no other files. */
const settings = (folder: string) => [
  "SET autoinstall_known_extensions = false",
  "SET autoload_known_extensions = false",
  "SET temp_directory = ''",
  "SET preserve_insertion_order = false",
  `SET allowed_directories = [${[folder, literal(folder)].map((path) => text(`${path}/`))}]`,
  "SET enable_external_access = false",
  "SET lock_configuration = true",
];

/** A path in which a glob's signs stand for themselves. */
const literal = (path: string) => path.replaceAll(/[*?[]/g, "[$&]");

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/**
 * Opens a folder that has the bucket's objects below `enriched/` and `outcomes/`, with their keys as paths. Each query reads the
 * files that it needs.
 */
export async function openDatabase(folder: string, { days = allDays }: DatabaseOptions = {}): Promise<Database> {
  const root = resolve(folder);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const run = (sql: string) =>
    connection.runAndReadAll(sql).catch((error: unknown) => {
      throw queryError(error);
    });
  const sources = tables.map((table) => ({ table, files: filesIn(join(root, table.prefix), days) }));
  const statements = [
    ...settings(root),
    ...Object.entries(macros).map(([name, definition]) => `CREATE MACRO ${name}${definition}`),
    ...sources.flatMap(({ table, files }) => tableSql(table, files)),
    ...views.map(({ name, sql }) => `CREATE VIEW ${name} AS ${sql}`),
    ...sources.map(({ table, files: { globs } }) => variableSql(table, globs)),
  ];
  for (const statement of statements) await run(statement);
  return {
    async query(sql) {
      const result = await run(sql);
      return { columns: result.deduplicatedColumnNames(), rows: result.convertRows(asJson) };
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Objects of a table: a glob for each day, and one of them. */
interface Files {
  readonly globs: readonly string[];
  readonly first: string | undefined;
}

const variableSql = ({ name }: Table, files: readonly string[]) => `SET VARIABLE ${name} = [${files.map(text).join()}]`;

/**
 * The statements that make a table, empty if there are no files. Types are given: DuckDB's guesses would change with the leads.
 * DuckDB lists the files of a view when it is made too. So it is made for a single file, and reads a variable when it is used.
 */
function tableSql(table: Table, { first }: Files): readonly string[] {
  const { name, columns } = table;
  if (first === undefined) {
    const empty = columns.map((column) => `"${column.name}" ${typeIn("duckdb", column.type)}`);
    return [`CREATE TABLE ${name} (${empty.join()}, ${partition} VARCHAR)`];
  }
  const types = columns.map((column) => `${text(column.name)}: ${text(typeIn("duckdb", column.type))}`);
  return [
    variableSql(table, [first]),
    `CREATE VIEW ${name} AS SELECT * FROM read_json(getvariable('${name}'), columns = {${types.join()}},
    format = 'newline_delimited', hive_partitioning = true, hive_types = {${partition}: 'VARCHAR'})`,
  ];
}

/** The objects in a folder's folders of days; none if it does not exist. */
function filesIn(folder: string, { from, to }: Days): Files {
  if (!existsSync(folder)) return { globs: [], first: undefined };
  const days = readdirSync(folder).filter((name) => name >= `${partition}=${from}` && name <= `${partition}=${to}`);
  const firsts = days.flatMap((day) => {
    const file = readdirSync(join(folder, day)).find((name) => name.endsWith(".json"));
    return file === undefined ? [] : [join(literal(folder), day, file)];
  });
  return { globs: firsts.map((file) => join(dirname(file), "*.json")), first: firsts[0] };
}

/** As JSON, but numbers that DuckDB would give as texts are numbers, which are exact up to 2^53. */
const asJson: DuckDBValueConverter<Json> = (value, type, converter) =>
  typeof value === "bigint" || value instanceof DuckDBDecimalValue
    ? Number(value)
    : JsonDuckDBValueConverter(value, type, converter);

/** DuckDB's message, or what it says of a file without the value that it quotes. */
function queryError(cause: unknown): QueryError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, file, line] = /in file "([^"]+)",.* in line (\d+):/.exec(message) ?? [];
  if (file === undefined) return new QueryError(message, { cause });
  const table = tables.find(({ prefix }) => file.includes(`/${prefix}`))?.name;
  return new QueryError(
    `Table ${table}: ${file}, line ${line}: this is no JSON object, or a field is not of its type.`,
  );
}
