import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { Construct } from "constructs";
import type { Environment, EnvironmentTuning } from "../environments/environment.ts";
import { type SlackSettings, Variable } from "../functions/runtime/names.ts";
import type { Bundle } from "../modules/bundle.ts";
import { BundledFunction } from "../modules/bundled-function.ts";
import { type EmailSender, seeSuppression, sendEmail } from "../modules/email-sender.ts";
import { QueueWorker } from "../modules/queue-worker.ts";
import type { LeadQueues } from "./lead-queues.ts";
import * as permission from "./permissions.ts";
import { parameterArn, type SecretParameters } from "./secret-parameters.ts";

/** The functions of the pipeline, in the order of the flow; each is bundled from functions/NAME/index.ts. */
export const functionNames = ["ingest", "enrich", "notify"] as const;
export type FunctionName = (typeof functionNames)[number];
export type Bundles = Readonly<Record<FunctionName, Bundle>>;

export interface LeadFunctionsProps {
  /** Start of every name, such as `leadwire-dev`. */
  readonly prefix: string;
  readonly environmentName: string;
  readonly environment: Environment;
  readonly tuning: EnvironmentTuning;
  readonly bundles: Bundles;
  readonly bucket: S3Bucket;
  readonly queues: LeadQueues;
  readonly ledger: DynamodbTable;
  readonly email: EmailSender;
  readonly parameters: SecretParameters;
  readonly alarmTopicArn: string;
}

export type LeadFunctions = Readonly<Record<FunctionName, BundledFunction>>;

/** The three functions, each with its settings and with exactly the permissions that its code uses. */
export function leadFunctions(scope: Construct, props: LeadFunctionsProps): LeadFunctions {
  const { environment, tuning, bucket, queues, ledger, email, parameters } = props;
  const ingest = new BundledFunction(scope, "ingest", {
    ...common("ingest", props),
    description: "Checks a CRM's webhook and stores its leads.",
    tuning: tuning.ingest,
    variables: { ...settings(props), [Variable.sources]: JSON.stringify(parameters.sources) },
    statements: [
      permission.storeRawLeads(bucket.arn, Object.keys(parameters.sources)),
      permission.readSecrets(
        Object.values(parameters.sources).map(({ secretParameter }) => parameterArn(environment, secretParameter)),
      ),
    ],
  });
  const enrich = new QueueWorker(scope, "enrich", {
    ...common("enrich", props),
    description: "Cleanses and enriches a raw lead and stores the result.",
    tuning: tuning.enrich,
    queue: queues.leads,
    variables: {
      ...settings(props),
      [Variable.deadLetterQueueUrl]: queues.leads.deadLetters.url,
      ...(environment.defaultCountry && { [Variable.defaultCountry]: environment.defaultCountry }),
    },
    statements: [
      permission.readRawLeads(bucket.arn),
      permission.storeEnrichedLeads(bucket.arn),
      permission.sendToDeadLetters(queues.leads.deadLetters.arn),
    ],
  });
  const slack: SlackSettings = { ...environment.slack, webhookParameters: parameters.slackWebhooks };
  const notify = new QueueWorker(scope, "notify", {
    ...common("notify", props),
    description: "Tells the sales team of an enriched lead, in Slack or else by email.",
    tuning: tuning.notify,
    queue: queues.notifications,
    variables: {
      ...settings(props),
      [Variable.deadLetterQueueUrl]: queues.notifications.deadLetters.url,
      [Variable.queueUrl]: queues.notifications.queue.url,
      [Variable.slack]: JSON.stringify(slack),
      [Variable.ledgerTable]: ledger.name,
      [Variable.emailSender]: email.sender,
      [Variable.emailRecipients]: JSON.stringify(environment.email.recipients),
      [Variable.emailConfigurationSet]: email.configurationSet,
    },
    statements: [
      permission.readEnrichedLeads(bucket.arn),
      permission.delayNotifications(queues.notifications.queue.arn),
      permission.sendToDeadLetters(queues.notifications.deadLetters.arn),
      permission.readSecrets(
        Object.values(parameters.slackWebhooks).map((parameter) => parameterArn(environment, parameter)),
      ),
      permission.keepLedger(ledger.arn),
      seeSuppression,
      sendEmail(email),
    ],
  });
  return { ingest, enrich: enrich.worker, notify: notify.worker };
}

const settings = ({ environmentName, bucket }: LeadFunctionsProps) => ({
  [Variable.environment]: environmentName,
  [Variable.bucket]: bucket.bucket,
});

/** What a function's failures do to leads. */
const consequence: Readonly<Record<FunctionName, { readonly ofErrors: string; readonly ofThrottles: string }>> = {
  ingest: {
    ofErrors: "the CRM got a 5xx for its leads and will try again for as long as it does that",
    ofThrottles: "the CRM got a 5xx for its leads and will try again for as long as it does that",
  },
  enrich: {
    ofErrors: "its leads are tried again and end in the dead letter queue after the third time",
    ofThrottles: "each throttle uses up one of the receives after which a lead goes to the dead letter queue",
  },
  notify: {
    ofErrors: "its notifications are tried again and end in the dead letter queue after the third time",
    ofThrottles: "each throttle uses up one of the receives after which a notification goes to the dead letter queue",
  },
};

function common(name: FunctionName, { prefix, bundles, environment, alarmTopicArn }: LeadFunctionsProps) {
  const { logRetentionDays, logLevel } = environment;
  const { ofErrors, ofThrottles } = consequence[name];
  return {
    name: `${prefix}-${name}`,
    bundle: bundles[name],
    logRetentionDays,
    logLevel,
    alarmTopicArn,
    errorAdvice: `${name} timed out or crashed: ${ofErrors}. Read the error in the log group /aws/lambda/${prefix}-${name} and compare its time with the last deployment's.`,
    throttleAdvice: `${name} was throttled: ${ofThrottles}. Compare the account's concurrency with its limit in Lambda's console, and raise the limit or lower maximumConcurrency.`,
  };
}
