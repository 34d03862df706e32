import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { environmentTuning } from "../environments/check.ts";
import type { Environment } from "../environments/environment.ts";
import type { StateStore } from "../environments/state.ts";
import { LedgerAttribute } from "../functions/runtime/names.ts";
import { AlarmTopic } from "../modules/alarm-topic.ts";
import { HttpEndpoint } from "../modules/http-endpoint.ts";
import { LeadBucket } from "../modules/lead-bucket.ts";
import { LedgerTable } from "../modules/ledger-table.ts";
import { keepStateIn } from "./backend.ts";
import { emailSender } from "./email.ts";
import { emailAlarms } from "./email-alarms.ts";
import { flowDashboard } from "./flow-dashboard.ts";
import { type Bundles, leadFunctions } from "./lead-functions.ts";
import { leadQueues } from "./lead-queues.ts";
import { retryAlarms } from "./retry-alarms.ts";
import { secretParameters } from "./secret-parameters.ts";
import { slackAlarm } from "./slack-alarm.ts";
import { Stack } from "./stack.ts";

export interface LeadPipelineProps {
  readonly environmentName: string;
  readonly environment: Environment;
  readonly bundles: Bundles;
  readonly store: StateStore;
}

/** The pipeline of one environment, in the order in which a lead goes through it. */
export class LeadPipelineStack extends Stack {
  constructor(scope: Construct, id: string, { environmentName, environment, bundles, store }: LeadPipelineProps) {
    super(scope, id, { account: environment, environmentName });
    keepStateIn(this, store);
    const { accountId, latencyBudgetSeconds, logRetentionDays } = environment;
    const parameters = secretParameters(environmentName, environment);
    const tuning = environmentTuning(environment);

    const alarms = new AlarmTopic(this, "alarms", {
      name: `${id}-alarms`,
      accountId,
      emails: environment.alarmEmails,
      ...(environment.pagerDuty && { pagerDutyParameter: parameters.pagerDutyUrl }),
    });
    const alarmTopicArn = alarms.topic.arn;
    const { bucket } = new LeadBucket(this, "leads-bucket", {
      name: `${id}-leads-${accountId}`,
      expirationDays: environment.leadRetentionDays,
    });
    const queues = leadQueues(this, { prefix: id, bucket, tuning, latencyBudgetSeconds, alarmTopicArn });
    const { table: ledger } = new LedgerTable(this, "ledger", {
      name: `${id}-ledger`,
      keyAttribute: LedgerAttribute.id,
      expiryAttribute: LedgerAttribute.expiresAt,
      deletionProtection: environment.deletionProtection,
    });
    const email = emailSender(this, id, environment);
    const functions = leadFunctions(this, {
      prefix: id,
      environmentName,
      environment,
      tuning,
      bundles,
      bucket,
      queues,
      ledger,
      email: email.sender,
      parameters,
      alarmTopicArn,
    });
    const { api } = new HttpEndpoint(this, "api", {
      name: `${id}-api`,
      description: "Takes leads from CRMs.",
      route: { method: "POST", path: "/{source}" },
      lambda: functions.ingest.lambda,
      throttling: environment.api,
      logRetentionDays,
      alarmTopicArn,
      errorAdvice:
        "The endpoint answered 5xx, so a CRM could not hand over leads and will try again for as long as it does that. " +
        `See in /aws/vendedlogs/apis/${id}-api whether the function or the API failed, then look at ingest's log and at S3.`,
    });
    slackAlarm(this, { prefix: id, environmentName, alarmTopicArn });
    emailAlarms(this, { prefix: id, environmentName, alarmTopicArn, configurationSet: email.sender.configurationSet });
    retryAlarms(this, { prefix: id, environmentName, alarmTopicArn });
    flowDashboard(this, { name: id, region: environment.region, environmentName, api, functions, queues });

    this.outputs({
      endpoint: api.apiEndpoint,
      leads_bucket: bucket.bucket,
      leads_queue_url: queues.leads.queue.url,
      leads_dlq_url: queues.leads.deadLetters.url,
      notifications_queue_url: queues.notifications.queue.url,
      notifications_dlq_url: queues.notifications.deadLetters.url,
      events_dlq_url: queues.undelivered.queue.url,
      source_secret_parameters: Object.fromEntries(
        Object.entries(parameters.sources).map(([source, { secretParameter }]) => [source, secretParameter]),
      ),
      slack_webhook_parameters: parameters.slackWebhooks,
      alarm_topic_arn: alarmTopicArn,
      ledger_table: ledger.name,
      ...email.dnsRecords,
    });
  }

  private outputs(values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) new TerraformOutput(this, name, { value });
  }
}
