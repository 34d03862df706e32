import type { Environment } from "../../environments/environment.ts";
import type { OpsPorts } from "../commands/command.ts";
import type { Pipeline } from "../outputs.ts";

/** A deployed pipeline with the consumer lead-index, and clients for it. */
export interface Place {
  readonly pipeline: Pipeline;
  /** Name of the table of the lead index. */
  readonly table: string;
  readonly environment: Environment;
  readonly ports: OpsPorts;
}
