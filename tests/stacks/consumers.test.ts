import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mapValues, omit } from "es-toolkit/object";
import { isEqual } from "es-toolkit/predicate";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { InvalidEnvironmentsError } from "../../environments/check.ts";
import type { Environment } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import { errorAlarm } from "../../stacks/alarm-kinds.ts";
import type { Consumer } from "../../stacks/consumers/consumer.ts";
import { consumers, consumersOf, UnknownConsumerError } from "../../stacks/consumers/index.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import { archive } from "../helpers/archive-consumer.ts";
import { sharedBundles } from "../helpers/shared-bundles.ts";
import { type Block, parsed, ref, SynthesizedStack } from "../helpers/synth.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { plain, stackOf } from "../helpers/unusual-environment.ts";

/** A consumer without code. */
const silent: Consumer = { alarms: [], prepare: () => () => ({}) };
const registry = { archive, silent };
/** The shipped environments without their consumers, and one with some. */
const withConsumers = (consumers: Environment["consumers"]) => ({
  ...mapValues(environments, (environment): Environment => omit(environment, ["consumers"]) as Environment),
  dev: { ...plain, ...(consumers && { consumers }) },
});

async function synthesized(consumers: Environment["consumers"]): Promise<SynthesizedStack> {
  const folder = tempFolder();
  await synthesize(folder, {
    stacks: ["leadwire-dev"],
    environments: withConsumers(consumers),
    consumers: registry,
    bundles: await sharedBundles(),
  });
  return new SynthesizedStack(join(folder, "stacks/leadwire-dev"));
}
const base = await synthesized(undefined);
const stack = await synthesized({ archive: { timeoutSeconds: 20, maximumConcurrency: 4 }, silent: {} });
const queueArn = ref("aws_sqs_queue.archive_leads.arn");
const ruleArn = ref("aws_cloudwatch_event_rule.archive_enriched_lead_created.arn");

const consumer = suite("stacks :: consumers");
consumer(
  "one adds resources of its own, and changes no other but the queue of undelivered events and the dashboard",
  () => {
    const added = stack.addresses.filter((address) => !base.addresses.includes(address));
    assert.equal(added, [
      "aws_cloudwatch_event_rule.archive_enriched_lead_created",
      "aws_cloudwatch_event_target.archive_enriched_lead_created",
      "aws_cloudwatch_log_group.archive_worker",
      "aws_cloudwatch_metric_alarm.archive_enriched_lead_created_failed",
      "aws_cloudwatch_metric_alarm.archive_enriched_lead_created_lost",
      "aws_cloudwatch_metric_alarm.archive_leads_age",
      "aws_cloudwatch_metric_alarm.archive_leads_dlq_depth",
      "aws_cloudwatch_metric_alarm.archive_leads_dlq_hour",
      "aws_cloudwatch_metric_alarm.archive_worker_errors",
      "aws_cloudwatch_metric_alarm.archive_worker_throttles",
      "aws_dynamodb_table.archive_table",
      "aws_iam_role.archive_worker",
      "aws_iam_role_policy.archive_worker",
      "aws_lambda_event_source_mapping.archive_worker",
      "aws_lambda_function.archive_worker",
      "aws_lambda_function_recursion_config.archive_worker",
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
    assert.is(pattern("archive_enriched_lead_created"), pattern("enriched_lead_created"));
    const { arn, dead_letter_config } = stack.settings("aws_cloudwatch_event_target.archive_enriched_lead_created");
    assert.equal([arn, dead_letter_config], [queueArn, { arn: ref("aws_sqs_queue.events_dlq.arn") }]);
    const senders = (queue: string) =>
      stack.statements(`aws_sqs_queue_policy.${queue}`).find(({ Effect }) => Effect === "Allow")?.Condition;
    assert.equal(senders("archive_leads"), { ArnEquals: { "aws:SourceArn": [ruleArn] } });
    assert.equal(senders("events_dlq"), {
      ArnEquals: {
        "aws:SourceArn": [
          ref("aws_cloudwatch_event_rule.raw_lead_created.arn"),
          ref("aws_cloudwatch_event_rule.enriched_lead_created.arn"),
          ref("aws_cloudwatch_event_rule.reconcile_announced.arn"),
          ref("aws_cloudwatch_event_rule.reconcile_enriched.arn"),
          ruleArn,
        ],
      },
    });
  },
);
consumer("has a worker with the environment's tuning, its own code and its own permissions", () => {
  const { timeout, filename } = stack.settings("aws_lambda_function.archive_worker");
  assert.equal([timeout, filename], [20, "assets/leadwire-dev-archive-worker.zip"]);
  assert.ok(existsSync(join(stack.folder, String(filename))));
  assert.is(stack.settings("aws_sqs_queue.archive_leads").visibility_timeout_seconds, 120);
  assert.equal(stack.settings("aws_lambda_event_source_mapping.archive_worker").scaling_config, {
    maximum_concurrency: 4,
  });
  assert.equal(
    stack.statements("aws_iam_role_policy.archive_worker").map(({ Sid, Resource }) => [Sid, Resource]),
    [
      ["WriteLog", [`${ref("aws_cloudwatch_log_group.archive_worker.arn")}:*`]],
      ["WriteTraces", ["*"]],
      ["ConsumeQueue", [queueArn]],
      ["PostponeMessages", [queueArn]],
      ["ReadLeads", [`${ref("aws_s3_bucket.leads_bucket.arn")}/enriched/*`]],
      ["StoreLeads", [ref("aws_dynamodb_table.archive_table.arn")]],
      ["SendToDeadLetters", [ref("aws_sqs_queue.archive_leads_dlq.arn")]],
    ],
  );
});
consumer("has its own name before the names of all that it creates", () => {
  const added = stack.addresses.filter((address) => !base.addresses.includes(address));
  const names = added.flatMap((address) => {
    const { name, function_name, alarm_name } = stack.settings(address);
    return [name, function_name, alarm_name].filter((one) => one !== undefined).map(String);
  });
  assert.is(names.length, 17);
  for (const name of names) {
    assert.match(
      name,
      /^((\/aws\/lambda\/)?leadwire-dev-archive-|\$\{aws_lambda_function\.archive_worker\.(arn|function_name)\})/,
    );
  }
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
  assert.match(lines("Function duration, p99 ms"), ref("aws_lambda_function.archive_worker.function_name"));
  assert.match(lines("Alarms"), ref("aws_cloudwatch_metric_alarm.archive_worker_errors.arn"));
  const outputs = Object.entries(stack.file.output).filter(([name]) => !(name in base.file.output));
  assert.equal(Object.fromEntries(outputs.map(([name, { value }]) => [name, value])), {
    archive_leads_queue_url: ref("aws_sqs_queue.archive_leads.url"),
    archive_leads_dlq_url: ref("aws_sqs_queue.archive_leads_dlq.url"),
    archive_table: ref("aws_dynamodb_table.archive_table.name"),
  });
});
consumer("is refused with tuning that breaks a rule, before anything is written", async () => {
  const folder = join(tempFolder(), "out");
  const consumers = { archive: { batchSize: 11, deadLetterRetentionSeconds: 100 * 86_400 } };
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
  const wrong = { name: "wrong", alarms: [errorAlarm("nobody", "Nothing happens.")], create: () => ({}) };
  assert.throws(
    () => stackOf(plain, { consumers: [wrong] }),
    /The alarm nobody-errors watches nobody, which the stack does not have\./,
  );
});
consumer("of docs/consumers.md works as it stands there", async () => {
  const document = readFileSync(new URL("../../docs/consumers.md", import.meta.url), "utf8");
  const [, code = ""] = /```ts\n(import .*?)```/s.exec(document) ?? [];
  const folder = new URL("../../stacks/consumers/", import.meta.url);
  const file = join(tempFolder(), "mirror.ts");
  writeFileSync(
    file,
    code.replaceAll(/ from "([^"]+)"/g, (_, path: string) => ` from "${new URL(path, folder)}"`),
  );
  const { mirror }: { mirror: Consumer } = await import(pathToFileURL(file).href);
  const create = await mirror.prepare(workerTuning({ maxReceiveCount: 7 }));
  const mirrored = stackOf(plain, { consumers: [{ name: "mirror", alarms: mirror.alarms, create }] });
  const { name, redrive_policy } = mirrored.settings("aws_sqs_queue.mirror_leads");
  assert.equal([name, parsed(redrive_policy).maxReceiveCount], ["leadwire-dev-mirror-leads", 7]);
  const { arn } = mirrored.settings("aws_cloudwatch_event_target.mirror_enriched_lead_created");
  assert.is(arn, ref("aws_sqs_queue.mirror_leads.arn"));
  assert.ok(mirrored.addresses.includes("aws_cloudwatch_metric_alarm.mirror_leads_dlq_depth"));
  assert.not.match(JSON.stringify(mirror.alarms), /undefined/);
});
consumer("without an environment that names it leaves no trace", () => {
  assert.equal(readdirSync(join(base.folder, "assets")).length, 4);
});
/** Settings of every consumer that there is. */
const everyConsumer = {
  athena: { analysts: ["role/analyst"], personalData: false, gigabytesPerQuery: 20 },
  "lead-index": {},
  redshift: { databaseUsers: ["warehouse/loader"] },
} satisfies Environment["consumers"];

consumer("all of them together have the resources that each has alone", async () => {
  const own = await consumersOf(consumers, "dev", { ...plain, consumers: everyConsumer })();
  assert.equal(own.map(({ name }) => name).sort(), Object.keys(consumers));
  const together = stackOf(plain, { consumers: own });
  const parts = own.map((one) => stackOf(plain, { consumers: [one] }));
  const addresses = new Set(parts.flatMap((part) => part.addresses));
  assert.equal([...together.addresses].sort(), [...addresses].sort());
  const isAsIn = (address: string) => (part: SynthesizedStack) =>
    part.addresses.includes(address) && isEqual(part.resource(address), together.resource(address));
  // They list what all consumers have.
  const lists = ["aws_cloudwatch_dashboard.dashboard", "aws_sqs_queue_policy.events_dlq"];
  const changed = [...addresses].filter((address) => !parts.some(isAsIn(address)) && !lists.includes(address));
  assert.equal(changed, []);
});

consumer.run();
