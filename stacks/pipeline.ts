import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { mapKeys, mapValues } from "es-toolkit/object";
import { channelsOf, type Environment, environmentTuning, versionDays } from "../environments/environment.ts";
import type { StateStore } from "../environments/state.ts";
import {
  alarmTopics,
  type FunctionName,
  Output,
  queueOutputs,
  type StageName,
  stages,
  undeliveredEvents,
  type WorkerName,
  webhookOutput,
  workerNames,
} from "../flow.ts";
import type { SourceDeclaration } from "../functions/sources/declaration.ts";
import { type SourceFormat, sourceFormats } from "../functions/sources/index.ts";
import { AlarmTopic } from "../modules/alarm-topic.ts";
import type { Bundle } from "../modules/build/bundle.ts";
import type { BundledFunction } from "../modules/bundled-function.ts";
import { PrivateBucket } from "../modules/private-bucket.ts";
import type { WorkQueue } from "../modules/work-queue.ts";
import { alarmResources } from "./alarm-resources.ts";
import { alarmsOf } from "./alarms.ts";
import type { PreparedConsumer } from "./consumers/consumer.ts";
import { addConsumers } from "./consumers/index.ts";
import { dashboard } from "./dashboard.ts";
import { reconciliation } from "./reconcile.ts";
import { keepStateIn, Stack } from "./stack.ts";
import { enrichStage } from "./stages/enrich.ts";
import { ingestStage } from "./stages/ingest.ts";
import { notifyStage } from "./stages/notify.ts";
import { parameterName, parameterThroughput } from "./stages/parameters.ts";
import { Sources } from "./stages/sources.ts";
import type { Pipeline } from "./stages/stage.ts";
import { UndeliveredEvents } from "./stages/undelivered-events.ts";

export interface LeadPipelineProps {
  readonly environmentName: string;
  readonly environment: Environment;
  /** Code of the functions. */
  readonly bundles: Readonly<Record<FunctionName, Bundle>>;
  /** @default those in functions/sources/ */
  readonly formats?: Readonly<Record<SourceFormat, SourceDeclaration>>;
  /** Consumers of the environment. */
  readonly consumers: readonly PreparedConsumer[];
  /** Where the stack's Terraform state is. */
  readonly store: StateStore;
}

/** The pipeline of one environment, in the order in which a lead passes through it. */
export class LeadPipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: LeadPipelineProps) {
    const { environmentName, environment, formats = sourceFormats, store } = props;
    super(scope, id, { account: environment, environmentName });
    keepStateIn(this, store);
    // The stack once set the suppression of the whole account. Terraform forgets the setting and leaves it as it is.
    this.addOverride("removed", {
      from: "aws_sesv2_account_suppression_attributes.email",
      lifecycle: { destroy: false },
    });
    const { accountId } = environment;
    const tuning = environmentTuning(environment);

    const topicArns = mapValues(alarmTopics, (topic, severity) => {
      const pager = severity === "page" && environment.pagerDuty && pagerDutyOf(environmentName);
      const subscribers = { emails: environment.alarmEmails, ...pager };
      return new AlarmTopic(this, topic, { name: `${id}-${topic}`, accountId, ...subscribers }).topic.arn;
    });
    const { bucket } = new PrivateBucket(this, "leads-bucket", {
      name: `${id}-leads-${accountId}`,
      expirationDays: environment.leadRetentionDays,
      noncurrentDays: versionDays(environment),
      sendsEvents: true,
      deletionProtection: environment.deletionProtection,
    });
    const undelivered = new UndeliveredEvents(this, {
      name: `${id}-${undeliveredEvents}`,
      retentionSeconds: tuning.enrich.deadLetterRetentionSeconds,
    });
    parameterThroughput(this, environment);
    const sources = new Sources(this, "sources", { environmentName, environment, formats });
    const pipeline: Pipeline = { ...props, prefix: id, tuning, bucket, sources, undelivered };
    const ingest = ingestStage(this, pipeline);
    const enrich = enrichStage(this, pipeline);
    const notify = notifyStage(this, pipeline);
    const reconcile = reconciliation(this, pipeline, notify.ledger);
    const consumers = addConsumers(this, pipeline, props.consumers);

    const parts: StageParts = { ingest, enrich, notify };
    const stageQueues = Object.fromEntries(workerNames.map((name) => [stages[name].queue, parts[name].queue]));
    const queues: Readonly<Record<string, WorkQueue>> = { ...stageQueues, ...consumers.queues };
    const deadLetters = Object.entries(queues).map(([name, queue]) => [`${name}-dlq`, queue.deadLetters] as const);
    const observed = {
      functions: { ...mapValues(parts, ({ lambda }) => lambda), reconcile, ...consumers.functions },
      queues,
      deadLetters: { ...Object.fromEntries(deadLetters), [undeliveredEvents]: undelivered },
      rules: Object.fromEntries(undelivered.rules.map((rule) => [String(rule.nameInput).slice(id.length + 1), rule])),
      endpoint: ingest.endpoint,
      configurationSet: notify.sender.configurationSet,
    };
    const allAlarms = [
      ...alarmsOf(channelsOf(environment), environment.alarmAfterHoursWithoutLeads),
      ...props.consumers.flatMap((consumer) => consumer.alarms),
    ];
    dashboard(this, pipeline, alarmResources(this, pipeline, allAlarms, topicArns, observed), observed);
    this.outputs({
      [Output.endpoint]: ingest.endpoint.api.apiEndpoint,
      [Output.leadsBucket]: bucket.bucket,
      ...queueUrls(queues),
      [Output.undeliveredEventsUrl]: undelivered.queue.url,
      [Output.sourceSecretParameters]: sources.secretParameters,
      ...mapKeys(notify.webhookParameters, (_, channel) => webhookOutput(channel)),
      [Output.alarmTopicArn]: topicArns.page,
      [Output.noticeTopicArn]: topicArns.email,
      [Output.ledgerTable]: notify.ledger.name,
      ...notify.sender.dnsRecords,
      ...consumers.outputs,
    });
  }

  private outputs(values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) new TerraformOutput(this, name, { value });
  }
}

/** What every stage has: a function, and a worker its queue. */
type StageParts = Readonly<
  Record<StageName, { readonly lambda: BundledFunction }> & Record<WorkerName, { readonly queue: WorkQueue }>
>;

const pagerDutyOf = (environmentName: string) => ({
  pagerDutyParameter: parameterName(environmentName, "pagerduty", "integration-url"),
});

/** The outputs with the URLs of every queue and its dead letter queue. */
function queueUrls(queues: Readonly<Record<string, WorkQueue>>): Readonly<Record<string, string>> {
  const urls = Object.entries(queues).flatMap(([name, { queue, deadLetters }]) => {
    const { url, deadLettersUrl } = queueOutputs(name);
    return [
      [url, queue.url],
      [deadLettersUrl, deadLetters.queue.url],
    ];
  });
  return Object.fromEntries(urls);
}
