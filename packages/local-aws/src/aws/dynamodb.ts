import { once } from "node:events";
import { createRequire } from "node:module";
import dynalite from "dynalite";
import { Pool } from "undici";
import { listen } from "../loopback.ts";
import { type Backend, jsonBody } from "./call.ts";
import { type Parser, rememberExpressions } from "./dynamodb-expressions.ts";
import { proxied } from "./proxy.ts";

// A file that dynalite does not export; the version is pinned, and the tests of DynamoDB notice a change.
rememberExpressions(createRequire(import.meta.resolve("dynalite"))("./db/conditionParser.js") as Parser);

/** DynamoDB in memory, behind a loopback socket of its own. */
export interface LocalDynamoDb extends Backend {
  stop(): Promise<void>;
}

export async function startDynamoDb(): Promise<LocalDynamoDb> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const pool = new Pool(await listen(server));
  return {
    service: "dynamodb",
    describe: (request) => ({
      operation: (request.headers["x-amz-target"] ?? "").split(".").at(-1) ?? "",
      parameters: jsonBody(request),
    }),
    handle: (request) => proxied(pool, request),
    stop: async () => {
      // dynalite throws past every handler when its store closes in the middle of a write.
      await pool.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
