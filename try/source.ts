import { UsageError } from "../command-line/program.ts";
import type { Environment } from "../environments/environment.ts";
import type { SourceDeclaration } from "../functions/sources/declaration.ts";
import { declarationOf, sourceFormats } from "../functions/sources/index.ts";
import { type FilledSettings, filledSettings } from "../functions/sources/settings.ts";

/** A source whose payload is tried. */
export interface TriedSource {
  readonly name: string;
  readonly format: string;
  readonly declaration: SourceDeclaration;
  /** The settings that the environment gives, and the defaults of the others. */
  readonly settings: FilledSettings;
}

/**
 * The source of an environment, or a format with its default settings.
 * @throws UsageError when the name is neither
 */
export function sourceNamed(name: string, { sources }: Environment): TriedSource {
  const given = Object.hasOwn(sources, name) ? sources[name] : undefined;
  const { format, ...settings } = given ?? { format: name };
  const declaration = declarationOf(format);
  if (!declaration) {
    const known = `sources of the environment (${Object.keys(sources).join(", ")}) and formats (${Object.keys(sourceFormats).join(", ")})`;
    throw new UsageError(`error: option '--source <name>' value '${name}' is unknown. Allowed: ${known}.`);
  }
  return { name, format, declaration, settings: filledSettings(declaration, settings) };
}
