import { mapValues } from "es-toolkit/object";
import { sourcesOf } from "../../environments/environment.ts";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import { type SourceFormat, sourceFormats } from "../../functions/sources/index.ts";
import { ref } from "./synth.ts";

type Reader = "ingest" | "enrich";

const secretsOf = (format: SourceFormat, reader: Reader): readonly string[] => {
  const { secrets, fetch }: SourceDeclaration = sourceFormats[format];
  return reader === "ingest" ? secrets : (fetch?.secrets ?? []);
};

/** Names of the SSM parameters with the secrets of each source of an environment, by the source's name. */
export const sourceSecrets = (name: EnvironmentName): Readonly<Record<string, readonly string[]>> =>
  mapValues(sourcesOf(environments[name]), ({ format }, source) =>
    (["ingest", "enrich"] as const)
      .flatMap((reader) => secretsOf(format, reader))
      .map((secret) => `/leadwire/${name}/sources/${source}/${secret}`),
  );

/** ARNs of what ingest reads for the doors of an environment's sources, or enrich to enrich and to fetch records. */
export const sourceArnsReadBy = (reader: Reader, name: EnvironmentName): readonly string[] => {
  const { accountId, region } = environments[name];
  return Object.entries(sourcesOf(environments[name])).flatMap(([source, { format }]) => [
    ref(`aws_ssm_parameter.sources_${source.replaceAll("-", "_")}.arn`),
    ...secretsOf(format, reader).map(
      (secret) => `arn:aws:ssm:${region}:${accountId}:parameter/leadwire/${name}/sources/${source}/${secret}`,
    ),
  ]);
};
