import { suite } from "uvu";
import * as assert from "uvu/assert";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import { leadIndex } from "../../stacks/consumers/lead-index.ts";
import { parsed, ref } from "../helpers/synth.ts";
import { plain, stackOf } from "../helpers/unusual-environment.ts";

const create = await leadIndex.prepare(workerTuning({ batchSize: 100, batchingWindowSeconds: 20 }));
const consumers = [{ name: "lead-index", alarms: leadIndex.alarms, create }];
const stack = stackOf(plain, { consumers });
const bucket = ref("aws_s3_bucket.leads_bucket.arn");

const index = suite("stacks :: lead index");
index("gets an event for every object with an enriched lead, or with other outcomes than announcements", () => {
  const { event_pattern } = stack.settings("aws_cloudwatch_event_rule.lead_index_object_created");
  const { detail } = parsed<{ detail: { object: { key: unknown } } }>(event_pattern);
  assert.equal(detail.object.key, [{ prefix: "enriched/" }, { wildcard: "outcomes/*-unannounced.json" }]);
});
index("has a queue of its own, so announcements never wait for it", () => {
  const { arn } = stack.settings("aws_cloudwatch_event_target.lead_index_object_created");
  const { event_source_arn, batch_size } = stack.settings("aws_lambda_event_source_mapping.lead_index_worker");
  assert.equal(
    [arn, event_source_arn, batch_size],
    [...Array(2).fill(ref("aws_sqs_queue.lead_index_events.arn")), 100],
  );
});
index("has a table by id and entry, whose items expire after every version of their lead", () => {
  for (const [of, isProtected] of [
    [stack, false],
    [stackOf({ ...plain, deletionProtection: true }, { consumers }), true],
  ] as const) {
    assert.equal(of.settings("aws_dynamodb_table.lead_index_table"), {
      name: "leadwire-dev-lead-index-table",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "id",
      range_key: "entry",
      attribute: [
        { name: "id", type: "S" },
        { name: "entry", type: "S" },
      ],
      ttl: { attribute_name: "expiresAt", enabled: true },
      point_in_time_recovery: { enabled: true },
      deletion_protection_enabled: isProtected,
      lifecycle: { prevent_destroy: isProtected },
    });
  }
  const [, versions] = stack.settings("aws_s3_bucket_lifecycle_configuration.leads_bucket").rule as {
    noncurrent_version_expiration: { noncurrent_days: number }[];
  }[];
  const days = Number(versions?.noncurrent_version_expiration[0]?.noncurrent_days);
  assert.ok(days >= 15);
  const { environment, function_name, timeout, memory_size } = stack.settings("aws_lambda_function.lead_index_worker");
  assert.equal([function_name, timeout, memory_size], ["leadwire-dev-lead-index-worker", 10, 512]);
  const { GIVE_UP_AFTER_HOURS } = (
    stack.settings("aws_lambda_function.enrich").environment as { variables: Readonly<Record<string, string>> }
  ).variables;
  assert.equal(environment, {
    variables: {
      DEAD_LETTER_QUEUE_URL: ref("aws_sqs_queue.lead_index_events_dlq.url"),
      GIVE_UP_AFTER_HOURS,
      LEADS_BUCKET: ref("aws_s3_bucket.leads_bucket.bucket"),
      LEADWIRE_ENVIRONMENT: "dev",
      LEAD_INDEX_TABLE: ref("aws_dynamodb_table.lead_index_table.name"),
      LEAD_VERSION_DAYS: String(plain.leadRetentionDays + days + 2),
      QUEUE_URL: ref("aws_sqs_queue.lead_index_events.url"),
    },
  });
});
index("may read leads and outcomes, write items of its table, and send dead letters", () => {
  const granted = stack.statements("aws_iam_role_policy.lead_index_worker").slice(2);
  assert.equal(
    granted.map(({ Sid, Action, Resource }) => [Sid, Action, Resource]),
    [
      [
        "ConsumeQueue",
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
        [ref("aws_sqs_queue.lead_index_events.arn")],
      ],
      ["PostponeMessages", ["sqs:SendMessage"], [ref("aws_sqs_queue.lead_index_events.arn")]],
      [
        "ReadLeadsAndOutcomes",
        ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
        [bucket, `${bucket}/enriched/*`, `${bucket}/outcomes/*`],
      ],
      ["KeepIndex", ["dynamodb:BatchWriteItem"], [ref("aws_dynamodb_table.lead_index_table.arn")]],
      ["SendToDeadLetters", ["sqs:SendMessage"], [ref("aws_sqs_queue.lead_index_events_dlq.arn")]],
    ],
  );
});
index("wakes nobody, because leads are announced without it", () => {
  assert.equal([...new Set(leadIndex.alarms.map(({ severity }) => severity))], ["email"]);
  const watched = leadIndex.alarms.map(({ name, threshold }) => `${name} > ${threshold}`).sort();
  assert.equal(watched, [
    "lead-index-events-age > 3600",
    "lead-index-events-dlq-depth > 2",
    "lead-index-events-dlq-hour > 0",
    "lead-index-object-created-failed > 0",
    "lead-index-object-created-lost > 0",
    "lead-index-worker-errors > 0",
    "lead-index-worker-throttles > 0",
  ]);
  const age = leadIndex.alarms.find(({ name }) => name === "lead-index-events-age");
  assert.match(age?.meaning ?? "", "has waited for an hour.");
});
index("tells the operator's commands its table", () => {
  assert.is(stack.file.output.lead_index_table?.value, ref("aws_dynamodb_table.lead_index_table.name"));
});
index.run();
