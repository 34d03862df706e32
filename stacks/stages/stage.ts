import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { boundaryArn } from "../../environments/ci.ts";
import type { Environment, EnvironmentTuning } from "../../environments/environment.ts";
import { settingDefaults } from "../../environments/schema/environment.ts";
import { type FunctionName, outcomesPrefix } from "../../flow.ts";
import { Variable } from "../../functions/runtime/names.ts";
import type { Bundle } from "../../modules/build/bundle.ts";
import { allow } from "../../modules/policy.ts";
import type { WorkQueue } from "../../modules/work-queue.ts";
import type { Sources } from "./sources.ts";
import type { UndeliveredEvents } from "./undelivered-events.ts";

/** What stages and consumers are built from. */
export interface Pipeline {
  /** Start of every name, such as `leadwire-dev`. */
  readonly prefix: string;
  readonly environmentName: string;
  readonly environment: Environment;
  /** Tuning of the stages with every default filled in. */
  readonly tuning: EnvironmentTuning;
  /** Code of the functions. */
  readonly bundles: Readonly<Record<FunctionName, Bundle>>;
  readonly sources: Sources;
  /** The bucket of raw and enriched leads. */
  readonly bucket: S3Bucket;
  readonly undelivered: UndeliveredEvents;
}

/** Settings that every function has: its name, its role's limit and path, and how it logs. */
export const functionSettings = (name: string, { prefix, environmentName, environment }: Pipeline) => ({
  name: `${prefix}-${name}`,
  ...(environment.permissionsBoundary && {
    permissionsBoundary: boundaryArn(environmentName, environment, "functions"),
  }),
  ...(environment.rolePath && { rolePath: environment.rolePath }),
  logRetentionDays: environment.logRetentionDays,
  logLevel: environment.logLevel,
});

/** Variables that every function has. */
export const commonVariables = ({ environmentName, bucket }: Pipeline) => ({
  [Variable.environment]: environmentName,
  [Variable.bucket]: bucket.bucket,
});

/** Variables that every worker has. */
export const workerVariables = (pipeline: Pipeline, { queue, deadLetters }: WorkQueue) => ({
  ...commonVariables(pipeline),
  [Variable.deadLetterQueueUrl]: deadLetters.queue.url,
  [Variable.queueUrl]: queue.url,
  [Variable.giveUpAfterHours]: String(pipeline.environment.giveUpAfterHours ?? settingDefaults.giveUpAfterHours),
});

/**
 * Allows to read objects of the bucket, each by the version that its event names, and to learn that one is gone: to a role
 * that may not list the bucket, S3 answers 403 for it as for a missing permission. Events that were sent before versions were
 * read need the right without a version.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 * @param keys of the objects, which may end with a star
 */
export const readObjects = (sid: string, bucketArn: string, ...keys: readonly string[]) =>
  allow(
    sid,
    ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
    [bucketArn, ...keys.map((pattern) => `${bucketArn}/${pattern}`)],
  );

/** Allows to send dead letters to a queue. */
export const sendToDeadLetters = (queueArn: string) => allow("SendToDeadLetters", ["sqs:SendMessage"], [queueArn]);

/** Allows what every worker does with leads that end there: to send dead letters, and to write outcomes. */
export const workerStatements = ({ bucket }: Pipeline, { deadLetters }: WorkQueue) => [
  sendToDeadLetters(deadLetters.queue.arn),
  allow("WriteOutcomes", ["s3:PutObject"], [`${bucket.arn}/${outcomesPrefix}*`]),
];
