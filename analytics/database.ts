import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import {
  type DuckDBConnection,
  DuckDBDecimalValue,
  DuckDBInstance,
  type DuckDBResultReader,
  type DuckDBValueConverter,
  type Json,
  JsonDuckDBValueConverter,
} from "@duckdb/node-api";
import { LeadwireError } from "../errors.ts";
import { typeIn } from "./columns.ts";
import { joinObjects, placeInObjects } from "./joined-objects.ts";
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
  /** Stops a query when it is aborted: the query throws the signal's reason. @default never */
  readonly signal?: AbortSignal;
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

/** Nothing is downloaded, and the SQL reads no files but the joined ones. */
const settings = (joined: string) => [
  "SET autoinstall_known_extensions = false",
  "SET autoload_known_extensions = false",
  "SET temp_directory = ''",
  "SET preserve_insertion_order = false",
  `SET allowed_directories = [${text(`${joined}/`)}]`,
  "SET enable_external_access = false",
  "SET lock_configuration = true",
];

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/**
 * Opens a folder that has the bucket's objects below `enriched/` and `outcomes/`, with their keys as paths. The objects of a table are
 * joined in a temporary folder before the first query that reads it. `close` deletes that folder.
 */
export async function openDatabase(folder: string, options: DatabaseOptions = {}): Promise<Database> {
  const { days = allDays, signal = new AbortController().signal } = options;
  const root = resolve(folder);
  const joined = mkdtempSync(join(tmpdir(), "leadwire-query-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const run = (sql: string) =>
    runUntil(signal, connection, sql).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : queryError(error, joined, root);
    });
  const statements = [
    ...settings(joined),
    ...Object.entries(macros).map(([name, definition]) => `CREATE MACRO ${name}${definition}`),
    ...tables.map(emptyTable),
    ...views.map(({ name, sql }) => `CREATE VIEW ${name} AS ${sql}`),
  ];
  for (const statement of statements) await run(statement);

  const unread = new Set(tables);
  /** Reads the tables of a query, or all where DuckDB does not name any, as for several statements at once. */
  async function readTablesOf(sql: string): Promise<void> {
    const names = connection.getTableNames(sql, false);
    for (const table of unread) {
      if (names.length > 0 && !names.includes(table.name)) continue;
      const files = await joinObjects(join(root, table.prefix), join(joined, table.prefix), days, signal);
      if (files.length > 0) await run(`DROP TABLE ${table.name}; ${viewOf(table, files)}`);
      unread.delete(table);
    }
  }

  return {
    async query(sql) {
      await readTablesOf(sql);
      const result = await run(sql);
      return { columns: result.deduplicatedColumnNames(), rows: result.convertRows(asJson) };
    },
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(joined, { recursive: true, force: true });
    },
  };
}

/** Runs SQL, and stops it when the signal is aborted. */
async function runUntil(signal: AbortSignal, connection: DuckDBConnection, sql: string): Promise<DuckDBResultReader> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  // Repeated, because DuckDB ignores an interruption of what has not begun.
  const interrupt = () => {
    timer = setInterval(() => connection.interrupt(), 50);
  };
  signal.addEventListener("abort", interrupt);
  try {
    return await connection.runAndReadAll(sql);
  } finally {
    signal.removeEventListener("abort", interrupt);
    clearInterval(timer);
  }
}

const typesOf = ({ columns }: Table) => columns.map(({ name, type }) => [name, typeIn("duckdb", type)] as const);

/** A table in place of objects, until they are read. DuckDB says of tables which of them a query reads, and of views it does not. */
const emptyTable = (table: Table) =>
  `CREATE TABLE ${table.name} (${typesOf(table).map(([name, type]) => `"${name}" ${type}`)}, ${partition} VARCHAR)`;

/** The objects as a view. Types are given: DuckDB's guesses would change with the leads. */
const viewOf = (table: Table, files: readonly string[]) =>
  `CREATE VIEW ${table.name} AS SELECT * FROM read_json([${files.map(text)}],
  columns = {${typesOf(table).map(([name, type]) => `${text(name)}: ${text(type)}`)}},
  format = 'newline_delimited', hive_partitioning = true, hive_types = {${partition}: 'VARCHAR'})`;

/** As JSON, but numbers that DuckDB would give as texts are numbers, which are exact up to 2^53. */
const asJson: DuckDBValueConverter<Json> = (value, type, converter) =>
  typeof value === "bigint" || value instanceof DuckDBDecimalValue
    ? Number(value)
    : JsonDuckDBValueConverter(value, type, converter);

/** DuckDB's message, or what it says of a joined file, with the object's name and without the value that it quotes. */
function queryError(cause: unknown, joined: string, root: string): QueryError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, file, line] = /in file "([^"]+)",.* in line (\d+):/.exec(message) ?? [];
  if (file === undefined) return new QueryError(message, { cause });
  const day = relative(joined, dirname(file));
  const table = tables.find(({ prefix }) => day.startsWith(prefix))?.name;
  const place = placeInObjects(join(root, day), message.includes("Malformed JSON") ? undefined : Number(line));
  const at = place ? `${place.object}, line ${place.line}` : join(root, day);
  return new QueryError(`Table ${table}: ${at}: this is no JSON object, or a field is not of its type.`);
}
