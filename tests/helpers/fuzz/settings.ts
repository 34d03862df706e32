import type { Environment } from "../../../environments/environment.ts";
import { environments } from "../../../environments/index.ts";
import type { SourceDeclaration } from "../../../functions/sources/declaration.ts";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import { type FilledSettings, filledSettings } from "../../../functions/sources/settings.ts";

/** Settings without a default, for formats that no environment has a source of. */
const needed: Partial<Record<SourceFormat, object>> = { salesforce: { organizationId: "00DR00000000XcDMAS" } };

/** The settings of a source of a format: those of an environment that has one, and the format's defaults. */
export function settingsOf(format: SourceFormat): FilledSettings {
  const sources = Object.values<Environment>(environments).flatMap((environment) => Object.values(environment.sources));
  const given = sources.find((source) => source.format === format);
  return filledSettings(sourceFormats[format] as SourceDeclaration, given ?? { format, ...needed[format] });
}
