import { once } from "node:events";
import dynalite from "dynalite";
import { Pool } from "undici";
import { listen } from "../loopback.ts";
import type { Place } from "../stack/computed.ts";
import { type Backend, jsonBody } from "./call.ts";
import { proxied } from "./proxy.ts";

/** DynamoDB in memory, behind a loopback socket of its own. */
export interface LocalDynamoDb extends Backend {
  stop(): Promise<void>;
}

const tablesOf = ({ TableName, RequestItems }: Readonly<Record<string, unknown>>): string[] =>
  typeof TableName === "string" ? [TableName] : Object.keys((RequestItems as object | undefined) ?? {});

export async function startDynamoDb({ account, region }: Place): Promise<LocalDynamoDb> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const pool = new Pool(await listen(server));
  return {
    service: "dynamodb",
    describe: (request) => {
      const operation = (request.headers["x-amz-target"] ?? "").split(".").at(-1) ?? "";
      const tables = tablesOf(jsonBody(request));
      const permissions = tables.map((table) => ({
        action: `dynamodb:${operation}`,
        resource: `arn:aws:dynamodb:${region}:${account}:table/${table.split("/").at(-1)}`,
      }));
      return { operation, permissions, context: {} };
    },
    handle: (request) => proxied(pool, request),
    stop: async () => {
      await pool.destroy();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
