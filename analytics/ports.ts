import { setTimeout } from "node:timers/promises";
import { interruption } from "../command-line/interruption.ts";
import { environments } from "../environments/index.ts";
import { latestObjects } from "../local/run-folder.ts";
import type { QueryPorts } from "./command.ts";
import { QueryError } from "./database.ts";

const print = (text: string) => console.log(text);
const error = (problem: unknown) => console.error(problem);

export const terminal = { print, error };

/** The ports of `npm run query` and `npm run report`. The AWS SDK is loaded only when a query is sent to Athena. */
export const ports: QueryPorts = {
  print,
  latestObjects,
  interruption: () => interruption(new QueryError("Interrupted: the query was stopped.")),
  async athena(env) {
    const { openAthena, createAthenaClient } = await import("./athena.ts");
    return openAthena(env, environments[env], { client: createAthenaClient, wait: setTimeout, interruption });
  },
};
