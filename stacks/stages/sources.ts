import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { Construct } from "constructs";
import { mapValues } from "es-toolkit/object";
import { type Environment, sourcesOf } from "../../environments/environment.ts";
import { Variable } from "../../functions/runtime/names.ts";
import { type SourceDeclaration, secretsOf } from "../../functions/sources/declaration.ts";
import type { SourceFormat } from "../../functions/sources/index.ts";
import { filledSettings, settingsParameter, settingsText } from "../../functions/sources/settings.ts";
import { parameterArn, parameterName, readParameters } from "./parameters.ts";

/** A source of the environment. */
export interface Source {
  readonly declaration: SourceDeclaration;
  /** ARN of the SSM parameter with its settings: a reference, so the parameter is there before whoever may read it. */
  readonly settingsArn: string;
  /** Name of the SSM parameter with one of its secrets. */
  readonly parameterOf: (secret: string) => string;
}

export interface SourcesProps {
  readonly environmentName: string;
  readonly environment: Environment;
  /** The source formats by name. */
  readonly formats: Readonly<Record<SourceFormat, SourceDeclaration>>;
}

/** The sources of an environment, that of smoke tests included, and the SSM parameter with the settings of each. */
export class Sources extends Construct {
  readonly byName: Readonly<Record<string, Source>>;
  /** Variables of a function that reads sources. */
  readonly variables: Readonly<Record<string, string>>;
  readonly #environment: Environment;

  constructor(scope: Construct, id: string, { environmentName, environment, formats }: SourcesProps) {
    super(scope, id);
    this.#environment = environment;
    const sources = sourcesOf(environment);
    this.byName = mapValues(sources, (source, name) => {
      const declaration: SourceDeclaration = formats[source.format];
      const parameterOf = (last: string) => parameterName(environmentName, "sources", name, last);
      const { arn } = new SsmParameter(this, name, {
        name: parameterOf(settingsParameter),
        description: `Settings of the source ${name}, which Terraform writes.`,
        type: "String",
        // Unlike `value` it is shown in a plan. No setting is a secret.
        insecureValue: settingsText(filledSettings(declaration, source)),
      });
      return { declaration, settingsArn: arn, parameterOf };
    });
    this.variables = {
      [Variable.sources]: JSON.stringify(mapValues(sources, ({ format }) => format)),
      [Variable.sourceParameters]: parameterName(environmentName, "sources"),
    };
  }

  /** Names of the SSM parameters with every secret of each source: first those of its door, then those for fetching. */
  get secretParameters(): Readonly<Record<string, readonly string[]>> {
    return mapValues(this.byName, ({ declaration, parameterOf }) => secretsOf(declaration).map(parameterOf));
  }

  /** Allows to read the settings of every source, and the secrets of it that a function needs. */
  allowReading(secretsOf: (declaration: SourceDeclaration) => readonly string[]) {
    const arns = Object.values(this.byName).flatMap(({ declaration, settingsArn, parameterOf }) => [
      settingsArn,
      ...secretsOf(declaration).map((secret) => parameterArn(this.#environment, parameterOf(secret))),
    ]);
    return readParameters("ReadSources", arns);
  }
}
