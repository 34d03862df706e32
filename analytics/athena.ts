import {
  AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type Row,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { credentialsProblem } from "../command-line/credentials.ts";
import { UsageError } from "../command-line/program.ts";
import type { Environment } from "../environments/environment.ts";
import { createClient } from "../functions/runtime/clients.ts";
import { type Cell, type Database, QueryError, type Result } from "./database.ts";

export interface AthenaPorts {
  client(region: string): AthenaClient;
  /** Waits, and rejects when the signal is aborted: `setTimeout` of node:timers/promises. */
  wait(milliseconds: number, value: undefined, options: { readonly signal: AbortSignal }): Promise<unknown>;
  /** A signal that Ctrl-C aborts from now on, in place of ending the process. A second Ctrl-C ends it. */
  interruption(): AbortSignal;
}

export const createAthenaClient = (region: string) => createClient(AthenaClient, { milliseconds: 10_000, region });

/** Milliseconds between two checks of a query, growing from `first` to `longest`. The query is stopped after `all`, as Athena does. */
const waits = { first: 250, factor: 1.5, longest: 5000, all: 30 * 60_000 };
/** Rows of a page. A page of leads with long texts stays below the size limit of a response. */
const rowsInPage = 200;

/**
 * The tables, views and functions of an environment's Athena, with the credentials of the AWS configuration.
 * @throws UsageError when the environment does not have the consumer
 */
export function openAthena(
  name: string,
  { region, consumers }: Pick<Environment, "region" | "consumers">,
  ports: AthenaPorts,
): Database {
  if (!consumers?.athena) {
    const file = `environments/${name}.ts`;
    throw new UsageError(
      `error: ${name} has no consumer athena. Add it to consumers in ${file} and deploy, or query a folder with --dir.`,
    );
  }
  const client = ports.client(region);
  const signal = ports.interruption();
  const WorkGroup = `leadwire-${name}-athena`;
  const QueryExecutionContext = { Catalog: "AwsDataCatalog", Database: WorkGroup.replaceAll("-", "_") };

  /** Waits until the query ends. @returns Athena's reason if there is no result, else undefined */
  async function problemOf(QueryExecutionId: string | undefined): Promise<string | undefined> {
    let [waited, next] = [0, waits.first];
    while (waited < waits.all) {
      await ports.wait(next, undefined, { signal });
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State, StateChangeReason = "it gives no reason" } = QueryExecution?.Status ?? {};
      if (State === "SUCCEEDED") return undefined;
      if (State === "FAILED" || State === "CANCELLED") return StateChangeReason;
      [waited, next] = [waited + next, Math.min(next * waits.factor, waits.longest)];
    }
    throw new QueryError("The query took half an hour, and was stopped. Read fewer days: put a condition on dt.");
  }

  async function run(QueryString: string): Promise<Result> {
    const start = new StartQueryExecutionCommand({ QueryString, WorkGroup, QueryExecutionContext });
    const { QueryExecutionId } = await client.send(start);
    const problem = await problemOf(QueryExecutionId).catch(async (error: unknown) => {
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
      throw signal.aborted ? new QueryError("Interrupted: the query was stopped.", { cause: error }) : error;
    });
    if (problem !== undefined)
      throw new QueryError(`Athena gave no result: ${problem.replace(/\.?$/, ".")}${advice(problem)}`);
    const rows: Row[] = [];
    let columns: readonly ColumnInfo[] = [];
    for await (const { ResultSet } of paginateGetQueryResults({ client, pageSize: rowsInPage }, { QueryExecutionId })) {
      if (signal.aborted) throw new QueryError("Interrupted: the query had ended, and not all of its rows were read.");
      columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? columns;
      rows.push(...(ResultSet?.Rows ?? []));
    }
    return resultOf(columns, rows);
  }

  return {
    query: (sql) =>
      run(sql).catch((error: unknown) => {
        throw error instanceof Error && !(error instanceof QueryError) ? awsProblem(error, name) : error;
      }),
    close: () => client.destroy(),
  };
}

/** Returns what to do about Athena's reason for a query without a result. */
const advice = (reason: string) =>
  /bytes scanned limit/i.test(reason)
    ? " Read fewer days, with a condition on dt or with --from and --to, or raise gigabytesPerQuery."
    : "";

function awsProblem(cause: Error, name: string): QueryError {
  const { message } = cause;
  const login = credentialsProblem(cause);
  if (login) return new QueryError(login, { cause });
  const deploy = /workgroup.*not found/i.test(message) ? ` Deploy ${name} with its consumer athena.` : "";
  const role = /AccessDenied/i.test(cause.name) ? ` Assume the role leadwire-${name}-athena-analysts.` : "";
  return new QueryError(`Athena: ${message.replace(/\.?$/, ".")}${deploy}${role}`, { cause });
}

/** Makes a result of the rows of all pages. The first row of a SELECT holds the column names; SHOW and DESCRIBE have no such row. */
function resultOf(info: readonly ColumnInfo[], rows: readonly Row[]): Result {
  const names = info.map(({ Name = "" }) => Name);
  const texts = rows.map(({ Data = [] }) => names.map((_, index) => Data[index]?.VarCharValue));
  const isHead = texts[0]?.every((text, index) => text === names[index]) ?? false;
  return {
    // Repeated names get a suffix, as in DuckDB, so that no column of a JSON object hides another.
    columns: names.map((name, index) => {
      const before = names.slice(0, index).filter((other) => other === name).length;
      return before === 0 ? name : `${name}:${before}`;
    }),
    rows: texts.slice(isHead ? 1 : 0).map((row) => row.map((text, index) => cellOf(text, info[index]?.Type))),
  };
}

/** A value as DuckDB has it. Athena writes lists, objects and maps as texts, which are no JSON unless the query makes it. */
function cellOf(text: string | undefined, type: string | undefined): Cell {
  if (text === undefined) return null;
  if (type === "boolean") return text === "true";
  if (type === "json") return JSON.parse(text);
  if (type === "timestamp") return text.replace(/\.0+$|(?<=\.\d*[1-9])0+$/, "");
  const isNumber = /^(tinyint|smallint|integer|bigint|float|real|double|decimal)/.test(type ?? "");
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
}
