import type { Construct } from "constructs";
import { mapKeys, mapValues } from "es-toolkit/object";
import { emailIdentities } from "../../environments/email-identities.ts";
import { channelSettings, channelsOf, routingOf, samePersonDays } from "../../environments/environment.ts";
import { settingDefaults } from "../../environments/schema/environment.ts";
import { enrichedPrefix, stages } from "../../flow.ts";
import { destinationsOf } from "../../functions/lead/routing.ts";
import { webhookVariable } from "../../functions/notify/channels/declaration.ts";
import { type ChannelVariable, channels } from "../../functions/notify/channels/index.ts";
import { LedgerAttribute, Variable } from "../../functions/runtime/names.ts";
import { withDefaults } from "../../functions/sources/settings.ts";
import {
  domainSender,
  type EmailSender,
  sandboxSender,
  seeSuppression,
  sendEmail,
} from "../../modules/email-sender.ts";
import { ExpiringTable } from "../../modules/expiring-table.ts";
import { allow } from "../../modules/policy.ts";
import { QueueWorker } from "../../modules/queue-worker.ts";
import { ways } from "../channel-words.ts";
import { eventQueue } from "./event-queue.ts";
import { parameterArn, parameterName, readParameters } from "./parameters.ts";
import { functionSettings, type Pipeline, readObjects, workerStatements, workerVariables } from "./stage.ts";

/** Single items are announcements, send slots and routes; batches are people. */
const ledgerActions = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"];

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
  const webhooks = webhookSettings(pipeline);
  const webhookParameters = mapValues(webhooks, (settings) => settings.webhookParameters);
  const { worker } = new QueueWorker(scope, "notify", {
    ...functionSettings("notify", pipeline),
    description: `Announces enriched leads to the sales team, ${ways(channelsOf(environment), "or else")}.`,
    bundle: bundles.notify,
    tuning,
    queue,
    variables: {
      ...workerVariables(pipeline, queue),
      ...(environment.channels && { [Variable.channels]: JSON.stringify(environment.channels) }),
      ...mapKeys(
        mapValues(webhooks, (settings) => JSON.stringify(settings)),
        (_, name) => webhookVariable(name),
      ),
      [Variable.gatherMilliseconds]: String(environment.gatherMilliseconds ?? settingDefaults.gatherMilliseconds),
      [Variable.samePersonDays]: String(samePersonDays(environment)),
      [Variable.samePerson]: environment.samePerson ?? settingDefaults.samePerson,
      [Variable.ledgerTable]: ledger.name,
      [Variable.leadRetentionDays]: String(environment.leadRetentionDays),
      [Variable.emailSender]: environment.email.sender,
      [Variable.emailRecipients]: JSON.stringify(environment.email.recipients),
      [Variable.emailConfigurationSet]: sender.configurationSet,
    } satisfies Readonly<Record<string, string> & Record<ChannelVariable, string>>,
    statements: [
      readObjects("ReadEnrichedLeads", bucket.arn, `${enrichedPrefix}*`),
      ...workerStatements(pipeline, queue),
      readParameters(
        "ReadSecrets",
        Object.values(webhookParameters)
          .flatMap(Object.values<string>)
          .map((name) => parameterArn(environment, name)),
      ),
      allow("KeepLedger", ledgerActions, [ledger.arn]),
      seeSuppression,
      sendEmail(environment.email.sender, sender),
    ],
  });
  return { lambda: worker, queue, ledger, sender, webhookParameters };
}

/** What each of the environment's channels of webhooks has to know: its settings, and its destinations' webhooks. */
function webhookSettings({ environmentName, environment }: Pipeline) {
  const destinations = destinationsOf(routingOf(environment));
  return mapValues(channelSettings(environment), (settings, name) => ({
    ...settings,
    ...withDefaults(channels[name].declaration.webhooks.settings, settings),
    webhookParameters: Object.fromEntries(
      destinations.map((destination) => [
        destination,
        parameterName(environmentName, name, destination, "webhook-url"),
      ]),
    ),
  }));
}

/** Creates what sends email in the mode that the environment's account has in SES. */
function emailSender(scope: Construct, { prefix, environment: { email, region } }: Pipeline): EmailSender {
  return email.mode === "sandbox"
    ? sandboxSender(scope, "email", { configurationSetName: prefix, identities: emailIdentities(email) })
    : domainSender(scope, "email", { configurationSetName: prefix, domain: email.domain, region });
}
