import { mapValues } from "es-toolkit/object";
import type { CommonSettings, SourceDeclaration } from "./declaration.ts";

/** Name of the SSM parameter with a source's settings, after `/leadwire/ENV/sources/SOURCE/`. No secret can have it. */
export const settingsParameter = "settings";

/** The settings of a source with every default filled in: those of every source, and beside them those of its format. */
export type FilledSettings = Required<CommonSettings> & Readonly<Record<string, unknown>>;

/** Fills in the defaults of the settings that somebody leaves out, in the order of the rules. */
export const withDefaults = (rules: SourceDeclaration["settings"], given: object): Readonly<Record<string, unknown>> =>
  mapValues(rules, ({ default: value }, name) => (given as Record<string, unknown>)[name] ?? value);

/** Fills in the defaults of the settings that a source of an environment leaves out. */
export function filledSettings(
  declaration: Pick<SourceDeclaration, "settings" | "title" | "crmHosts">,
  source: object,
): FilledSettings {
  const { fields, crmHosts, testLeads, title }: CommonSettings = source;
  return {
    fields: fields ?? {},
    crmHosts: crmHosts ?? declaration.crmHosts ?? [],
    testLeads: testLeads ?? "announce",
    title: title ?? declaration.title,
    ...withDefaults(declaration.settings, source),
  };
}

/**
 * The settings as their SSM parameter holds them: the same settings are always the same JSON. In it no brace is part of an
 * expression of Terraform (`${`, `%{`) or of a reference to another parameter (`{{`), whatever the settings say.
 */
export const settingsText = (settings: FilledSettings): string =>
  JSON.stringify(settings).replaceAll(/(?<=[$%{])\{/g, "\\u007b");
