import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LocalAwsError } from "../errors.ts";

export type Json = Readonly<Record<string, unknown>>;
/** Blocks by type and name. */
type Blocks = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** Terraform's JSON syntax, as far as local-aws reads it. https://developer.hashicorp.com/terraform/language/syntax/json */
export interface TerraformFile {
  readonly provider?: { readonly aws?: Json | readonly Json[] };
  readonly variable?: Readonly<Record<string, Json>>;
  readonly locals?: Json;
  readonly data?: Blocks;
  readonly resource?: Blocks;
  readonly output?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** @throws LocalAwsError when the folder holds no readable cdk.tf.json */
export function readTerraformFile(folder: string): TerraformFile {
  const path = join(folder, "cdk.tf.json");
  try {
    return JSON.parse(readFileSync(path, "utf8")) as TerraformFile;
  } catch (error) {
    throw new LocalAwsError("StackFile", `${path} cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
}
