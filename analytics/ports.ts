import { setTimeout as pause } from "node:timers/promises";
import { environments } from "../environments/index.ts";
import { latestObjects } from "../local/run-folder.ts";
import type { QueryPorts } from "./command.ts";

const print = (text: string) => console.log(text);
const error = (problem: unknown) => console.error(problem);

function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => controller.abort());
  return controller.signal;
}

export const terminal = { print, error };

/** What the commands work with outside of tests. The SDK is loaded when a query goes to Athena. */
export const ports: QueryPorts = {
  print,
  latestObjects,
  async athena(env) {
    const { openAthena, createAthenaClient } = await import("./athena.ts");
    const wait = (milliseconds: number, signal: AbortSignal) => pause(milliseconds, undefined, { signal });
    return openAthena(env, environments[env], { client: createAthenaClient, wait, interruption });
  },
};
