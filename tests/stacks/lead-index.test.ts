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
  const { hash_key, range_key, ttl, attribute } = stack.settings("aws_dynamodb_table.lead_index_table");
  assert.equal([hash_key, range_key, ttl], ["id", "entry", { attribute_name: "expiresAt", enabled: true }]);
  assert.equal(attribute, [
    { name: "id", type: "S" },
    { name: "entry", type: "S" },
  ]);
  const [, versions] = stack.settings("aws_s3_bucket_lifecycle_configuration.leads_bucket").rule as {
    noncurrent_version_expiration: { noncurrent_days: number }[];
  }[];
  const days = Number(versions?.noncurrent_version_expiration[0]?.noncurrent_days);
  const { environment } = stack.settings("aws_lambda_function.lead_index_worker") as {
    environment: { variables: Readonly<Record<string, string>> };
  };
  assert.ok(days >= 15);
  assert.is(Number(environment.variables.LEAD_VERSION_DAYS), plain.leadRetentionDays + days + 2);
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
  const watched = leadIndex.alarms.map(({ name }) => name.replace("lead-index-", "")).sort();
  assert.equal(watched, [
    "events-age",
    "events-dlq-depth",
    "events-dlq-hour",
    "object-created-failed",
    "object-created-lost",
    "worker-errors",
    "worker-throttles",
  ]);
});
index("tells the operator's commands its table", () => {
  assert.is(stack.file.output.lead_index_table?.value, ref("aws_dynamodb_table.lead_index_table.name"));
});
index.run();
