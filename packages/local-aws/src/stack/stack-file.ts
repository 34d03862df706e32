import { UnsupportedStackError } from "../errors.ts";
import type { Place } from "./computed.ts";
import { References } from "./references.ts";
import { type Json, readTerraformFile } from "./terraform-file.ts";

/** A resource of the stack, its references filled. */
export interface Resource {
  /** `type.name`, as Terraform prints it. */
  readonly address: string;
  readonly type: string;
  readonly values: Json;
}

/** A synthesized stack, as an apply would see it. */
export interface Stack {
  readonly folder: string;
  readonly place: Place;
  /** All types of which the stack holds a resource. */
  readonly types: readonly string[];
  /** All resources of a type, in the order of the file. */
  of(type: string): readonly Resource[];
  /** Names of its outputs. */
  readonly outputs: readonly string[];
  output(name: string): unknown;
  /** Names of the SSM parameters that the stack itself reads, through data sources. */
  readonly parametersRead: readonly string[];
}

export interface StackSettings {
  readonly gatewayUrl: string;
  readonly apiUrl: string;
  /** Value of an SSM parameter that the stack itself reads. */
  readonly parameter?: (name: string) => string | undefined;
  /** Values of variables; each wins over the variable's default. */
  readonly variables?: Json;
}

/**
 * Reads a synthesized stack. References are filled when a resource is asked for, so what local-aws does not simulate may
 * hold anything.
 * @throws UnsupportedStackError naming address and attribute of a reference that goes nowhere
 */
export function readStack(folder: string, { gatewayUrl, apiUrl, parameter, variables = {} }: StackSettings): Stack {
  const file = readTerraformFile(folder);
  const providers = [file.provider?.aws ?? []].flat() as readonly Json[];
  const { region, allowed_account_ids } = providers.find(({ alias }) => alias === undefined) ?? {};
  const [account] = Array.isArray(allowed_account_ids) ? allowed_account_ids : [];
  if (typeof region !== "string" || typeof account !== "string") {
    throw new UnsupportedStackError("provider.aws", "region and allowed_account_ids must be set to plain values.");
  }
  const place: Place = { account, region, gatewayUrl, apiUrl, ...(parameter && { parameter }) };
  const references = new References(file, place, variables);
  const filled = new Map<string, readonly Resource[]>();

  return {
    folder,
    place,
    types: Object.keys(file.resource ?? {}),
    of: (type) => {
      const known = filled.get(type);
      if (known) return known;
      const resources = Object.entries(file.resource?.[type] ?? {}).map(([name, content]) => {
        const address = `${type}.${name}`;
        return { address, type, values: references.attributes(type, address, content) };
      });
      filled.set(type, resources);
      return resources;
    },
    outputs: Object.keys(file.output ?? {}),
    output: (name) => references.fill(file.output?.[name]?.value, `output.${name}`),
    parametersRead: Object.entries(file.data?.aws_ssm_parameter ?? {}).map(([name, content]) =>
      String(references.fill(content.name, `data.aws_ssm_parameter.${name}`)),
    ),
  };
}
