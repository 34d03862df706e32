import { mapValues } from "es-toolkit/object";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import { sourceFormats } from "../../functions/sources/index.ts";

/** Name of the SSM parameter with the first secret of each source of an environment, by the source's name. */
export const sourceSecrets = (name: EnvironmentName): Readonly<Record<string, string>> =>
  mapValues(environments[name].sources, ({ format }, source) => {
    return `/leadwire/${name}/sources/${source}/${sourceFormats[format].secrets[0]}`;
  });

/** Names of the SSM parameters that ingest reads for the doors of an environment's sources, or enrich to fetch records. */
export const secretsReadBy = (reader: "ingest" | "enrich", name: EnvironmentName): readonly string[] =>
  Object.entries(environments[name].sources).flatMap(([source, { format }]) => {
    const { secrets, fetch }: SourceDeclaration = sourceFormats[format];
    const read = reader === "ingest" ? secrets : (fetch?.secrets ?? []);
    return read.map((secret) => `/leadwire/${name}/sources/${source}/${secret}`);
  });
