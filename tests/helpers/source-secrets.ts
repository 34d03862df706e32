import { mapValues } from "es-toolkit/object";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import { sourceFormats } from "../../functions/sources/index.ts";

/** Name of the SSM parameter with the first secret of each source of an environment, by the source's name. */
export const sourceSecrets = (name: EnvironmentName): Readonly<Record<string, string>> =>
  mapValues(environments[name].sources, ({ format }, source) => {
    return `/leadwire/${name}/sources/${source}/${sourceFormats[format].secrets[0]}`;
  });
