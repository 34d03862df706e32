import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { InvalidEnvironmentsError } from "../../environments/check.ts";
import type { Environment } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { enrichedPrefix } from "../../flow.ts";
import { bundleFunction } from "../../modules/build/bundle.ts";
import { QueueWorker } from "../../modules/queue-worker.ts";
import { ageAlarm, deadLetterAlarm, errorAlarm, throttleAlarm } from "../../stacks/alarms.ts";
import type { ConsumerFactory } from "../../stacks/consumers/consumer.ts";
import { UnknownConsumerError } from "../../stacks/consumers/index.ts";
import { eventQueue } from "../../stacks/stages/event-queue.ts";
import { commonVariables, functionSettings } from "../../stacks/stages/stage.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import { type Block, parsed, ref, SynthesizedStack, synthesizedStack } from "../helpers/synth.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { stackOf } from "../helpers/unusual-environment.ts";

/** Everything of a consumer with a queue, a worker, permissions and alarms. */
const archive: ConsumerFactory = async ({ name, tuning }) => {
  const bundle = await bundleFunction("functions/enrich/index.ts");
  return {
    alarms: [
      deadLetterAlarm("archive-leads", "leads for the archive", "They are not in the archive."),
      ageAlarm("archive-leads", "leads for the archive"),
      errorAlarm("archive", "Its leads are tried again."),
      throttleAlarm("archive", "Each throttle uses up a receive."),
    ],
    create(scope, pipeline) {
      const queue = eventQueue(scope, pipeline, {
        event: "enriched-lead-created-for-archive",
        description: "An enriched lead was stored: archive it.",
        prefix: enrichedPrefix,
        queue: "archive-leads",
        tuning,
      });
      const { worker } = new QueueWorker(scope, name, {
        ...functionSettings(name, pipeline),
        description: "Archives enriched leads.",
        bundle,
        tuning,
        queue,
        variables: commonVariables(pipeline),
        statements: [
          { sid: "ReadLeads", actions: ["s3:GetObject"], resources: [`${pipeline.bucket.arn}/${enrichedPrefix}*`] },
        ],
      });
      return {
        queues: { "archive-leads": queue },
        functions: { [name]: worker },
        outputs: { archive_queue_url: queue.queue.url },
      };
    },
  };
};
/** A consumer without code. */
const silent: ConsumerFactory = () => ({ alarms: [], create: () => ({}) });
const registry = { archive, silent };
const withConsumers = (consumers: Environment["consumers"]) => ({
  ...environments,
  dev: { ...environments.dev, ...(consumers && { consumers }) },
});

async function synthesized(consumers: Environment["consumers"]): Promise<SynthesizedStack> {
  const folder = tempFolder();
  const options = { stacks: ["leadwire-dev"], environments: withConsumers(consumers), consumers: registry } as const;
  await synthesize(folder, options);
  return new SynthesizedStack(join(folder, "stacks/leadwire-dev"));
}
const base = await synthesizedStack("leadwire-dev");
const stack = await synthesized({ archive: { timeoutSeconds: 20, maximumConcurrency: 4 }, silent: {} });
const queueArn = ref("aws_sqs_queue.archive_leads.arn");
const ruleArn = ref("aws_cloudwatch_event_rule.enriched_lead_created_for_archive.arn");

const consumer = suite("stacks :: consumers");
consumer("none ships", () => {
  for (const environment of Object.values(environments)) assert.is(environment.consumers, undefined);
});
consumer(
  "one adds resources of its own, and changes no other but the queue of undelivered events and the dashboard",
  () => {
    const added = stack.addresses.filter((address) => !base.addresses.includes(address));
    assert.equal(added, [
      "aws_cloudwatch_event_rule.enriched_lead_created_for_archive",
      "aws_cloudwatch_event_target.enriched_lead_created_for_archive",
      "aws_cloudwatch_log_group.archive",
      "aws_cloudwatch_metric_alarm.archive_errors",
      "aws_cloudwatch_metric_alarm.archive_leads_age",
      "aws_cloudwatch_metric_alarm.archive_leads_dlq_depth",
      "aws_cloudwatch_metric_alarm.archive_throttles",
      "aws_iam_role.archive",
      "aws_iam_role_policy.archive",
      "aws_lambda_event_source_mapping.archive",
      "aws_lambda_function.archive",
      "aws_sqs_queue.archive_leads",
      "aws_sqs_queue.archive_leads_dlq",
      "aws_sqs_queue_policy.archive_leads",
      "aws_sqs_queue_policy.archive_leads_dlq",
      "aws_sqs_queue_redrive_allow_policy.archive_leads",
    ]);
    const changed = base.addresses.filter(
      (address) => JSON.stringify(base.resource(address)) !== JSON.stringify(stack.resource(address)),
    );
    assert.equal(changed, ["aws_cloudwatch_dashboard.dashboard", "aws_sqs_queue_policy.events_dlq"]);
  },
);
consumer(
  "gets every enriched lead by a rule of its own, which may also send to the queue of undelivered events",
  () => {
    const pattern = (rule: string) => stack.settings(`aws_cloudwatch_event_rule.${rule}`).event_pattern;
    assert.is(pattern("enriched_lead_created_for_archive"), pattern("enriched_lead_created"));
    const { arn, dead_letter_config } = stack.settings("aws_cloudwatch_event_target.enriched_lead_created_for_archive");
    assert.equal([arn, dead_letter_config], [queueArn, { arn: ref("aws_sqs_queue.events_dlq.arn") }]);
    const senders = (queue: string) =>
      stack.statements(`aws_sqs_queue_policy.${queue}`).find(({ Effect }) => Effect === "Allow")?.Condition;
    assert.equal(senders("archive_leads"), { ArnEquals: { "aws:SourceArn": [ruleArn] } });
    assert.equal(senders("events_dlq"), {
      ArnEquals: {
        "aws:SourceArn": [
          ref("aws_cloudwatch_event_rule.raw_lead_created.arn"),
          ref("aws_cloudwatch_event_rule.enriched_lead_created.arn"),
          ruleArn,
        ],
      },
    });
  },
);
consumer("has a worker with the environment's tuning, its own code and its own permissions", () => {
  const { timeout, filename } = stack.settings("aws_lambda_function.archive");
  assert.equal([timeout, filename], [20, "assets/leadwire-dev-archive.zip"]);
  assert.ok(existsSync(join(stack.folder, String(filename))));
  assert.is(stack.settings("aws_sqs_queue.archive_leads").visibility_timeout_seconds, 120);
  assert.equal(stack.settings("aws_lambda_event_source_mapping.archive").scaling_config, { maximum_concurrency: 4 });
  assert.equal(
    stack.statements("aws_iam_role_policy.archive").map(({ Sid, Resource }) => [Sid, Resource]),
    [
      ["WriteLog", [`${ref("aws_cloudwatch_log_group.archive.arn")}:*`]],
      ["WriteTraces", ["*"]],
      ["ConsumeQueue", [queueArn]],
      ["ReadLeads", [`${ref("aws_s3_bucket.leads_bucket.arn")}/enriched/*`]],
    ],
  );
});
consumer("has its alarms, lines on the dashboard, and outputs", () => {
  const alarm = stack.settings("aws_cloudwatch_metric_alarm.archive_leads_dlq_depth");
  assert.equal(
    [alarm.alarm_name, alarm.dimensions],
    ["leadwire-dev-archive-leads-dlq-depth", { QueueName: ref("aws_sqs_queue.archive_leads_dlq.name") }],
  );
  assert.match(String(alarm.alarm_description), "They are not in the archive.");
  const { widgets } = parsed<{ widgets: { properties: Block }[] }>(
    stack.settings("aws_cloudwatch_dashboard.dashboard").dashboard_body,
  );
  const lines = (title: string) => JSON.stringify(widgets.find(({ properties }) => properties.title === title));
  assert.match(lines("Messages waiting"), ref("aws_sqs_queue.archive_leads.name"));
  assert.match(lines("Dead letters"), ref("aws_sqs_queue.archive_leads_dlq.name"));
  assert.match(lines("Function duration, p99 ms"), ref("aws_lambda_function.archive.function_name"));
  assert.match(lines("Alarms"), ref("aws_cloudwatch_metric_alarm.archive_errors.arn"));
  assert.equal(stack.file.output.archive_queue_url?.value, ref("aws_sqs_queue.archive_leads.url"));
});
consumer("is refused with tuning that breaks a rule, before anything is written", async () => {
  const folder = join(tempFolder(), "out");
  const consumers = { archive: { batchSize: 11, deadLetterRetentionSeconds: 40 * 86_400 } };
  try {
    await synthesize(folder, { environments: withConsumers(consumers), consumers: registry });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, InvalidEnvironmentsError);
    assert.equal((error as InvalidEnvironmentsError).violations.map(({ path }) => path).sort(), [
      "environments.dev.consumers.archive.batchSize",
      "environments.dev.consumers.archive.deadLetterRetentionSeconds",
      "environments.dev.leadRetentionDays",
    ]);
    assert.not(existsSync(folder));
  }
});
consumer("is refused when the registry does not have it, before anything is written", async () => {
  const folder = join(tempFolder(), "out");
  for (const [name, consumers, message] of [
    ["mail-merge", registry, 'environments.dev.consumers names "mail-merge": it must be one of archive, silent.'],
    ["constructor", {}, 'environments.dev.consumers names "constructor": there are no consumers.'],
  ] as const) {
    try {
      await synthesize(folder, { environments: withConsumers({ [name]: {} }), consumers });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, UnknownConsumerError);
      assert.is((error as Error).message, message);
    }
  }
  assert.not(existsSync(folder));
});
consumer("with an alarm on a part that it does not have ends the synth", () => {
  const wrong = { alarms: [errorAlarm("nobody", "Nothing happens.")], create: () => ({}) };
  assert.throws(
    () => stackOf(environments.dev, [wrong]),
    /The alarm nobody-errors watches nobody, which the stack does not have\./,
  );
});
consumer("without an environment that names it leaves no trace", () => {
  assert.equal(readdirSync(join(base.folder, "assets")).length, 3);
});
consumer.run();
