import { mapValues, pickBy } from "es-toolkit/object";
import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import type { SourceSettings } from "../../functions/sources/index.ts";
import { type Pipeline, parameterName } from "./stage.ts";

/** A source of the environment. */
export interface StackSource {
  readonly declaration: SourceDeclaration;
  /** Its format, and the format's settings with every default filled in. */
  readonly settings: SourceSettings;
  /** Name of the SSM parameter with one of its secrets. */
  readonly parameterOf: (secret: string) => string;
}

/** The sources of the environment, by name. */
export const sourcesOf = ({
  environmentName,
  environment,
  formats,
}: Pick<Pipeline, "environmentName" | "environment" | "formats">): Readonly<Record<string, StackSource>> =>
  mapValues(environment.sources, (source, name) => {
    const declaration: SourceDeclaration = formats[source.format];
    const parameterOf = (secret: string) => parameterName(environmentName, "sources", name, secret);
    return { declaration, settings: withDefaults(declaration.settings, source), parameterOf };
  });

/** Names of SSM parameters, by the name of the secret that each holds. */
export const parametersOf = ({ parameterOf }: StackSource, secrets: readonly string[]) =>
  Object.fromEntries(secrets.map((secret) => [secret, parameterOf(secret)]));

/** Fills in the defaults of the settings that a source leaves out. */
export function withDefaults<Settings extends object>(
  rules: SourceDeclaration["settings"],
  settings: Settings,
): Settings {
  const defaults = pickBy(
    mapValues(rules, (rule) => rule.default),
    (value) => value !== undefined,
  );
  return { ...defaults, ...settings };
}
