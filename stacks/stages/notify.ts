import type { Construct } from "constructs";
import { emailIdentities } from "../../environments/email-identities.ts";
import { enrichedPrefix, stages } from "../../flow.ts";
import { destinationsOf } from "../../functions/lead/routing.ts";
import type { ChannelVariable } from "../../functions/notify/channels/index.ts";
import { slackDeclaration } from "../../functions/notify/channels/slack/declaration.ts";
import { LedgerAttribute, type SlackSettings, Variable } from "../../functions/runtime/names.ts";
import { DomainSender } from "../../modules/domain-sender.ts";
import { type EmailSender, seeSuppression, sendEmail } from "../../modules/email-sender.ts";
import { ExpiringTable } from "../../modules/expiring-table.ts";
import type { Statement } from "../../modules/policy.ts";
import { QueueWorker } from "../../modules/queue-worker.ts";
import { SandboxSender } from "../../modules/sandbox-sender.ts";
import { eventQueue } from "./event-queue.ts";
import {
  commonVariables,
  functionSettings,
  type Pipeline,
  parameterName,
  readSecrets,
  sendToDeadLetters,
} from "./stage.ts";

/** Announces enriched leads: the event rule of enriched leads, the queue and its function, the ledger, and email. */
export function notifyStage(scope: Construct, pipeline: Pipeline) {
  const { prefix, environment, bundles, bucket } = pipeline;
  const tuning = pipeline.tuning.notify;
  const queue = eventQueue(scope, pipeline, {
    ...stages.notify,
    description: "An enriched lead was stored: announce it to the sales team.",
    tuning,
  });
  const { table: ledger } = new ExpiringTable(scope, "ledger", {
    name: `${prefix}-ledger`,
    keyAttribute: LedgerAttribute.id,
    expiryAttribute: LedgerAttribute.expiresAt,
    deletionProtection: environment.deletionProtection,
  });
  const sender = emailSender(scope, pipeline);
  const slack = slackSettings(pipeline);
  const deadLetters = queue.deadLetters.queue;
  const { worker } = new QueueWorker(scope, "notify", {
    ...functionSettings("notify", pipeline),
    description: "Announces enriched leads to the sales team, in Slack or else by email.",
    bundle: bundles.notify,
    tuning,
    queue,
    variables: {
      ...commonVariables(pipeline),
      [Variable.deadLetterQueueUrl]: deadLetters.url,
      [Variable.queueUrl]: queue.queue.url,
      [Variable.slack]: JSON.stringify(slack),
      [Variable.ledgerTable]: ledger.name,
      [Variable.emailSender]: sender.sender,
      [Variable.emailRecipients]: JSON.stringify(environment.email.recipients),
      [Variable.emailConfigurationSet]: sender.configurationSet,
    } satisfies Readonly<Record<string, string> & Record<ChannelVariable, string>>,
    statements: [
      readEnrichedLeads(bucket.arn),
      delayNotifications(queue.queue.arn),
      sendToDeadLetters(deadLetters.arn),
      readSecrets(environment, Object.values(slack.webhookParameters)),
      keepLedger(ledger.arn),
      seeSuppression,
      sendEmail(sender),
    ],
  });
  return { lambda: worker, queue, ledger, sender, webhookParameters: slack.webhookParameters };
}

/** What notify has to know of Slack: the routes, and the name of the parameter with each channel's webhook. */
function slackSettings({ environmentName, environment: { slack } }: Pipeline): SlackSettings {
  const { name, destinationSecret } = slackDeclaration;
  const parameter = (channel: string) => parameterName(environmentName, name, channel, destinationSecret);
  return {
    ...slack,
    webhookParameters: Object.fromEntries(destinationsOf(slack).map((channel) => [channel, parameter(channel)])),
  };
}

/** Creates what sends email in the mode that the environment's account has in SES. */
function emailSender(scope: Construct, { prefix, environment: { email, region } }: Pipeline): EmailSender {
  const settings = { sender: email.sender, configurationSetName: prefix };
  return email.mode === "sandbox"
    ? new SandboxSender(scope, "email", { ...settings, identities: emailIdentities(email) })
    : new DomainSender(scope, "email", { ...settings, domain: email.domain, region });
}

const readEnrichedLeads = (bucketArn: string): Statement => ({
  sid: "ReadEnrichedLeads",
  actions: ["s3:GetObject"],
  resources: [`${bucketArn}/${enrichedPrefix}*`],
});

/** Allows to make a notification that failed visible again after seconds instead of the visibility timeout. */
const delayNotifications = (queueArn: string): Statement => ({
  sid: "DelayNotifications",
  actions: ["sqs:ChangeMessageVisibility"],
  resources: [queueArn],
});

const keepLedger = (tableArn: string): Statement => ({
  sid: "KeepLedger",
  actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
  resources: [tableArn],
});
