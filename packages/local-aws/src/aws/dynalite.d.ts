declare module "dynalite" {
  import type { Server } from "node:http";

  interface Options {
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }

  /** A DynamoDB in memory, as an HTTP server that does not listen yet. */
  export default function dynalite(options?: Options): Server;
}
