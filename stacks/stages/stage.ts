import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { Environment, EnvironmentTuning } from "../../environments/environment.ts";
import type { StageName } from "../../flow.ts";
import { Variable } from "../../functions/runtime/names.ts";
import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import type { SourceFormat } from "../../functions/sources/index.ts";
import type { Bundle } from "../../modules/build/bundle.ts";
import type { UndeliveredEvents } from "./undelivered-events.ts";

/** What stages and consumers are built from. */
export interface Pipeline {
  /** Start of every name, such as `leadwire-dev`. */
  readonly prefix: string;
  readonly environmentName: string;
  readonly environment: Environment;
  /** Tuning of the stages with every default filled in. */
  readonly tuning: EnvironmentTuning;
  /** Code of the stages' functions. */
  readonly bundles: Readonly<Record<StageName, Bundle>>;
  /** The source formats by name. */
  readonly formats: Readonly<Record<SourceFormat, SourceDeclaration>>;
  /** The bucket of raw and enriched leads. */
  readonly bucket: S3Bucket;
  readonly undelivered: UndeliveredEvents;
}

/** Settings that every function has: its name, and how it logs. */
export const functionSettings = (name: string, { prefix, environment }: Pipeline) => ({
  name: `${prefix}-${name}`,
  logRetentionDays: environment.logRetentionDays,
  logLevel: environment.logLevel,
});

/** Variables that every function has. */
export const commonVariables = ({ environmentName, bucket }: Pipeline) => ({
  [Variable.environment]: environmentName,
  [Variable.bucket]: bucket.bucket,
});

/** Name of an SSM parameter of the environment. Terraform names secrets, and only functions read them. */
export const parameterName = (environmentName: string, ...parts: string[]) =>
  `/leadwire/${environmentName}/${parts.join("/")}`;

/**
 * Allows to read secrets. A SecureString under the key that AWS manages needs no statement for the key, because the key's
 * own policy allows SSM's callers.
 */
export const readSecrets = ({ region, accountId }: Environment, parameters: readonly string[]) => ({
  sid: "ReadSecrets",
  actions: ["ssm:GetParameter"],
  resources: parameters.map((parameter) => `arn:aws:ssm:${region}:${accountId}:parameter${parameter}`),
});

/** Allows to send dead letters to a queue. */
export const sendToDeadLetters = (queueArn: string) => ({
  sid: "SendToDeadLetters",
  actions: ["sqs:SendMessage"],
  resources: [queueArn],
});
