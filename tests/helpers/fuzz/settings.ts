import type { Environment } from "../../../environments/environment.ts";
import { environments } from "../../../environments/index.ts";
import type { SourceFormat } from "../../../functions/sources/index.ts";

/** The settings of a source of a format, as an environment gives them. */
export const settingsOf = (format: SourceFormat): object =>
  Object.values<Environment>(environments)
    .flatMap(({ sources }) => Object.values(sources))
    .find((source) => source.format === format) ?? {};
