/** The source formats. Environments, stacks and functions derive everything about sources from here. */

import type { SettingValues, SourceDeclaration } from "./declaration.ts";
import type { Reader } from "./general-reader.ts";
import { standardWebhooks } from "./standard-webhooks/declaration.ts";

/** Every format that a source can have, by the name that an environment gives. */
export const sourceFormats = {
  "standard-webhooks": standardWebhooks,
} as const satisfies Readonly<Record<string, SourceDeclaration>>;

export type SourceFormat = keyof typeof sourceFormats;

/** A source of an environment: its format, and that format's settings. */
export type SourceSettings = {
  [Format in SourceFormat]: { readonly format: Format } & SettingValues<(typeof sourceFormats)[Format]["settings"]>;
}[SourceFormat];

/** A source as ingest gets it, in the variable SOURCES. */
export type ConfiguredSource = SourceSettings & {
  /** SSM parameter of the format's first secret, `/leadwire/ENV/sources/SOURCE/SECRET`. */
  readonly secretParameter: string;
};

/**
 * Loads the reader of a format's leads. The general reader reads leads without a format and leads of an unknown one.
 * @param formats all formats by name
 */
export async function readerOf(
  format = "",
  formats: Readonly<Record<string, Pick<SourceDeclaration, "reader">>> = sourceFormats,
): Promise<Reader> {
  const declared = Object.hasOwn(formats, format) ? formats[format] : undefined;
  return (await (declared?.reader() ?? import("./general-reader.ts"))).readLead;
}
