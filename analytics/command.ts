import { existsSync } from "node:fs";
import { flag, oneOf, optional, optionalOperand, text, type Values, withDefault } from "../command-line/options.ts";
import { type Command, UsageError } from "../command-line/program.ts";
import { textTable } from "../command-line/table.ts";
import { deployedNames } from "../environments/index.ts";
import { type Database, openDatabase } from "./database.ts";
import { formatNames, formats } from "./output.ts";
import { allDays, namedQueries } from "./queries.ts";
import { tables } from "./tables.ts";
import { views } from "./views.ts";

export interface QueryPorts {
  print(text: string): void;
  /** The folder with the objects of the current local run, or of the last one; undefined if there was none. */
  latestObjects(): string | undefined;
  /** A signal that Ctrl-C aborts from now on, in place of ending the process. A second Ctrl-C ends it. */
  interruption(): AbortSignal;
  /** Athena's database of an environment. @throws UsageError when the environment has none */
  athena(env: (typeof deployedNames)[number]): Promise<Database>;
}

const day = text("day", "a day such as 2026-11-27", /^\d{4}-\d\d-\d\d$/);

/** Where leads and outcomes are read, and of which days. */
export const sourceOptions = {
  env: optional("Sends the SQL to Athena in this environment instead.", oneOf(deployedNames), "prod"),
  local: flag("Reads the leads of the current local run, or of the last one. It is the default."),
  dir: optional("Reads a folder with enriched/ and outcomes/ as in the bucket.", text("folder", "a path"), "leads"),
  from: withDefault(allDays.from, "The first day of files that is read.", day, "2026-11-01"),
  to: withDefault(allDays.to, "The last day of files that is read.", day, "2026-11-27"),
};

const queryOptions = {
  sql: optionalOperand("SQL. Without it, tables and queries are listed.", text("sql", "SQL of Athena"), '"SELECT 1"'),
  name: optional("A named query in place of SQL.", oneOf(namedQueries.map(({ name }) => name)), "scores"),
  ...sourceOptions,
  format: withDefault("table", "How rows are printed.", oneOf(formatNames), "csv"),
};

const list = (all: readonly { readonly name: string; readonly meaning: string }[]) =>
  textTable(all.map(({ name, meaning }) => [name, meaning]));
/** The tables, views and named queries, a line each. */
const overview = () =>
  `Tables and views, DESCRIBE NAME lists the columns:\n${list([...tables, ...views])}\n\nNamed queries:\n${list(namedQueries)}`;

/** Opens what the options name. @throws UsageError when there is no folder, or the environment has no Athena */
export async function opened(
  { env, local, dir, ...days }: Values<typeof sourceOptions>,
  ports: QueryPorts,
): Promise<Database> {
  if ([env, local, dir].filter(Boolean).length > 1)
    throw new UsageError("error: options '--env <name>', '--local' and '--dir <folder>' exclude each other.");
  if (env) return ports.athena(env);
  const folder = dir ?? ports.latestObjects();
  if (folder && existsSync(folder)) return openDatabase(folder, { days, signal: ports.interruption() });
  throw new UsageError(
    folder ? `error: there is no folder ${folder}.` : "error: there was no local run yet, see --dir.",
  );
}

/** `npm run query`: the SQL of Athena over files on this machine, or in an environment's Athena. */
export const queryCommand: Command<typeof queryOptions, QueryPorts> = {
  name: "npm run query --",
  summary: "Queries leads and outcomes with SQL. The tables, views and named queries are those of Athena.",
  options: queryOptions,
  async run(values, ports) {
    const { sql: given, name, format, ...source } = values;
    if (given && name) throw new UsageError("error: give SQL or --name, not both.");
    if (given && source.env && (source.from !== allDays.from || source.to !== allDays.to))
      throw new UsageError(
        "error: '--from' and '--to' limit named queries of Athena. Put a condition on dt into the SQL.",
      );
    const sql = given ?? namedQueries.find((query) => query.name === name)?.sql(source);
    if (!sql) {
      ports.print(overview());
      return 0;
    }
    const database = await opened(source, ports);
    try {
      ports.print(formats[format](await database.query(sql)));
      return 0;
    } finally {
      database.close();
    }
  },
};
