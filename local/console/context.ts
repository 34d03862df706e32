import type { Hono } from "hono";
import type { Environment } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import type { FaultSwitch } from "../faults/fault-switch.ts";
import type { Journal } from "../journal/journal.ts";
import type { Platform } from "../platform.ts";
import type { RunRecord } from "../run-record.ts";

/** What the console shows and changes: a run of an environment's pipeline. */
export interface ConsoleContext {
  /** The environment's name, such as dev. */
  readonly environment: string;
  readonly platform: Platform;
  /** Where every lead is, and what happened to it. */
  readonly journal: Journal;
  /** What was counted since the start. */
  readonly record: RunRecord;
  readonly faults: FaultSwitch;
}

/** The server's side of a page: its routes, below `/api/NAME`. */
export interface Page {
  readonly name: string;
  routes(context: ConsoleContext): Hono;
}

/** The environment whose stack runs. A stack of another name is taken for dev. */
export const environmentOf = ({ environment }: Pick<ConsoleContext, "environment">): Environment =>
  new Map<string, Environment>(Object.entries(environments)).get(environment) ?? environments.dev;
