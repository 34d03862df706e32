import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readPlan } from "../../../ops/review/plan.ts";
import { textReport } from "../../../ops/review/report.ts";
import { review } from "../../../ops/review/review.ts";
import { planText } from "./plan-fixtures.ts";

type Json = Record<string, unknown>;
const reviewOf = (type: string, before: Json, after: Json) =>
  review(readPlan(planText([{ address: `aws_${type}.part`, before, after }])), undefined);

/** A change of an attribute: `class kind`, the type, the values before and after, and what stays beside them. */
type Case = readonly [found: string, type: string, attribute: string, before: unknown, after: unknown, beside?: Json];

const greater = { comparison_operator: "GreaterThanThreshold" };
const less = { comparison_operator: "LessThanThreshold" };
const alarm = "cloudwatch_metric_alarm";

const cases: readonly Case[] = [
  ["look silent", alarm, "threshold", 1, 5, greater],
  ["none silent", alarm, "threshold", 5, 1, greater],
  ["look silent", alarm, "threshold", 5, 1, less],
  ["look silent", alarm, "threshold", 5, 1, { comparison_operator: "LessThanLowerOrGreaterThanUpperThreshold" }],
  ["look silent", alarm, "evaluation_periods", 1, 5],
  ["look silent", alarm, "datapoints_to_alarm", 1, 5],
  ["look silent", alarm, "treat_missing_data", "breaching", "notBreaching"],
  ["look silent", alarm, "dimensions", { QueueName: "a" }, { QueueName: "b" }],
  ["approve silent", alarm, "actions_enabled", true, false],
  ["look silent", alarm, "alarm_actions", ["a", "b"], ["a"]],
  ["none silent", alarm, "alarm_actions", ["a"], ["a", "b"]],
  ["approve silent", alarm, "alarm_actions", ["a"], null],
  ["look silent", alarm, "ok_actions", ["a"], []],
  ["look silent", "sns_topic_subscription", "filter_policy", null, '{"severity":["page"]}'],
  ["look silent", "cloudwatch_log_group", "retention_in_days", 90, 14],
  ["look silent", "cloudwatch_log_group", "retention_in_days", 0, 14],
  ["none silent", "cloudwatch_log_group", "retention_in_days", 90, 0],
  [
    "approve silent",
    "lambda_function",
    "logging_config",
    [{ application_log_level: "INFO" }],
    [{ application_log_level: "WARN" }],
  ],
  ["approve lost", "sqs_queue", "message_retention_seconds", 1_209_600, 345_600],
  ["none lost", "sqs_queue", "message_retention_seconds", 345_600, 1_209_600],
  ["approve lost", "sqs_queue", "redrive_policy", '{"deadLetterTargetArn":"a","maxReceiveCount":3}', null],
  ["approve lost", "dynamodb_table", "deletion_protection_enabled", true, false],
  ["none lost", "dynamodb_table", "deletion_protection_enabled", false, true],
  ["approve lost", "dynamodb_table", "point_in_time_recovery", [{ enabled: true }], [{ enabled: false }]],
  ["approve lost", "dynamodb_table", "ttl", [{ attribute_name: "a" }], [{ attribute_name: "b" }]],
  ["approve lost", "s3_bucket", "force_destroy", false, true],
  [
    "approve lost",
    "s3_bucket_versioning",
    "versioning_configuration",
    [{ status: "Enabled" }],
    [{ status: "Suspended" }],
  ],
  ["approve lost", "s3_bucket_notification", "eventbridge", true, false],
  ["none lost", "s3_bucket_lifecycle_configuration", "rule", [{ id: "a", expiration: [{ days: 30 }] }], []],
  ["approve lost", "cloudwatch_event_rule", "state", "ENABLED", "DISABLED"],
  ["approve lost", "lambda_event_source_mapping", "enabled", true, false],
  ["approve lost", "lambda_event_source_mapping", "filter_criteria", [], [{ filter: [{ pattern: "{}" }] }]],
  ["approve lost", "lambda_event_source_mapping", "function_response_types", ["ReportBatchItemFailures"], []],
  ["approve lost", "lambda_function_recursion_config", "recursive_loop", "Allow", "Terminate"],
  ["look code", "lambda_function", "runtime", "nodejs24.x", "nodejs22.x"],
];

const guarding = suite("review of what keeps leads and alarms");

for (const [found, type, attribute, before, after, beside = {}] of cases) {
  guarding(`${type}: ${attribute} from ${JSON.stringify(before)} to ${JSON.stringify(after)} is ${found}`, async () => {
    const { findings } = await reviewOf(type, { ...beside, [attribute]: before }, { ...beside, [attribute]: after });
    const kinds = new Set(findings.map(({ class: attention, kind }) => `${attention} ${kind}`));
    assert.equal([...kinds], [found]);
  });
}

guarding("a value with line breaks and control characters stays on its line of text", async () => {
  const report = textReport(await reviewOf("sqs_queue", { odd: "a" }, { odd: "b\n\u001b[31mapprove\u2028c" }));
  assert.is(report.split("\n").length, 5);
  assert.equal([report.includes("\u001b"), report.includes("\u2028")], [false, false]);
});

guarding.run();
