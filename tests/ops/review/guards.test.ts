import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readPlan } from "../../../ops/review/plan.ts";
import { textReport } from "../../../ops/review/report.ts";
import { review } from "../../../ops/review/review.ts";
import { planText } from "./plan-fixtures.ts";

type Json = Record<string, unknown>;
const reviewOf = (type: string, before: Json, after: Json) =>
  review(readPlan(planText([{ address: `aws_${type}.part`, before, after }])), undefined);

/** A change of an attribute: each `class kind` that is found, the type, the values before and after, and what stays beside them. */
type Case = readonly [found: string, type: string, attribute: string, before: unknown, after: unknown, beside?: Json];

const greater = { comparison_operator: "GreaterThanThreshold" };
const less = { comparison_operator: "LessThanThreshold" };
const alarm = "cloudwatch_metric_alarm";
const fn = "lambda_function";
const mapping = "lambda_event_source_mapping";
const target = "cloudwatch_event_target";
const destination = "sesv2_configuration_set_event_destination";
const metrics = "detailed_metrics_enabled";

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
  ["look silent", alarm, "threshold", 5, 5.5, { comparison_operator: "GreaterThanOrEqualToThreshold" }],
  ["none silent", alarm, "threshold", 5, 4, { comparison_operator: "GreaterThanOrEqualToThreshold" }],
  ["none silent", alarm, "threshold", 1, 5, less],
  ["look silent", alarm, "threshold", 5, 1, { comparison_operator: "GreaterThanUpperBand" }],
  ["none silent", alarm, "datapoints_to_alarm", 5, 1],
  ["look silent", alarm, "period", 60, 300],
  ["none silent", alarm, "treat_missing_data", "notBreaching", "breaching"],
  ["none silent", alarm, "actions_enabled", false, true],
  ["none silent", alarm, "ok_actions", ["a"], ["a", "b"]],
  ["look silent", alarm, "insufficient_data_actions", ["a"], []],
  ["approve silent", "cloudwatch_composite_alarm", "actions_enabled", true, false],
  ...[
    ...["metric_name", "namespace", "statistic", "extended_statistic", "comparison_operator", "threshold_metric_id"],
    ...["unit", "evaluate_low_sample_count_percentiles", "alarm_rule", "actions_suppressor"],
  ].map((name): Case => ["look silent", alarm, name, "a", "b"]),
  ["look silent", alarm, "metric_query", [{ id: "a", period: 60 }], [{ id: "a", period: 61 }]],
  ["look silent", "sns_topic_subscription", "filter_policy_scope", "MessageBody", "MessageAttributes"],
  ["none silent", "cloudwatch_log_group", "retention_in_days", 90, null],
  ["none silent", "cloudwatch_log_group", "retention_in_days", 14, 90],
  ["look silent", "cloudwatch_log_group", "retention_in_days", null, 90],
  ["look silent", "cloudwatch_log_metric_filter", "pattern", "a", "b"],
  ["look silent", "cloudwatch_log_metric_filter", "metric_transformation", [{ name: "a" }], [{ name: "b" }]],
  ["look silent", "cloudwatch_dashboard", "dashboard_body", '{"a":1}', '{"a":2}'],
  ...["INFO", "DEBUG", "TRACE"].flatMap((level) =>
    ["application_log_level", "system_log_level"].map(
      (name): Case => ["look silent", fn, "logging_config", [{ [name]: "WARN" }], [{ [name]: level }]],
    ),
  ),
  ["look silent", fn, "logging_config", [{ log_group: "a" }], [{ log_group: "b" }]],
  ["look silent", fn, "logging_config", [{ log_format: "JSON" }], [{ log_format: "Text" }]],
  ["look silent", fn, "tracing_config", [{ mode: "Active" }], [{ mode: "PassThrough" }]],
  ["none silent", fn, "tracing_config", [{ mode: "PassThrough" }], [{ mode: "Active" }]],
  ["look silent", destination, "event_destination", [{ enabled: true }], [{ enabled: false }]],
  ["none silent", destination, "event_destination", [{ enabled: false }], [{ enabled: true }]],
  ["look unknown", destination, "event_destination", [{ enabled_by: "a" }], [{ enabled_by: "b" }]],
  [
    "look silent",
    destination,
    "event_destination",
    [{ matching_event_types: ["BOUNCE", "COMPLAINT"] }],
    [{ matching_event_types: ["BOUNCE"] }],
  ],
  ["look silent", "apigatewayv2_stage", "access_log_settings", [{ format: "a" }], [{ format: "b" }]],
  ["look silent", "apigatewayv2_stage", "default_route_settings", [{ [metrics]: true }], [{ [metrics]: false }]],
  ["none silent", "apigatewayv2_stage", "default_route_settings", [{ [metrics]: false }], [{ [metrics]: true }]],
  ...[
    [7, 8, "none"],
    [8, 7, "approve"],
    [8, null, "none"],
  ].flatMap(([old, now, found]) =>
    ["expiration", "noncurrent_version_expiration"].map((name): Case => {
      const rule = (days: unknown) => [{ id: "a", [name]: [{ days }] }];
      return [`${found} lost`, "s3_bucket_lifecycle_configuration", "rule", rule(old), rule(now)];
    }),
  ),
  ...["Enabled", "Disabled"].map((status): Case => {
    const rule = (value: string) => [{ id: "a", status: value }];
    const found = status === "Disabled" ? "none lost" : "approve lost";
    return [found, "s3_bucket_lifecycle_configuration", "rule", rule("Other"), rule(status)];
  }),
  ["none lost", "s3_bucket", "force_destroy", true, false],
  ["none lost", "s3_bucket", "force_destroy", true, null],
  ["none lost", "s3_bucket_versioning", "versioning_configuration", [{ status: "Suspended" }], [{ status: "Enabled" }]],
  ["none lost", "s3_bucket_notification", "eventbridge", false, true],
  ["look lost", "sqs_queue", "max_message_size", 2, 1],
  ["none lost", "sqs_queue", "max_message_size", 1, 2],
  ["approve lost", "sqs_queue", "redrive_policy", '{"deadLetterTargetArn":"a"}', '{"deadLetterTargetArn":"b"}'],
  ["none lost", "dynamodb_table", "point_in_time_recovery", [{ enabled: false }], [{ enabled: true }]],
  ...[
    [7, 6, "approve"],
    [6, 7, "none"],
  ].map(([old, now, found]): Case => {
    const recovery = (recovery_period_in_days: unknown) => [{ enabled: true, recovery_period_in_days }];
    return [`${found} lost`, "dynamodb_table", "point_in_time_recovery", recovery(old), recovery(now)];
  }),
  ["none lost", "cloudwatch_event_rule", "state", "DISABLED", "ENABLED"],
  ["none lost", "cloudwatch_event_rule", "is_enabled", false, true],
  ["approve lost", "cloudwatch_event_rule", "is_enabled", true, false],
  ["approve lost", "cloudwatch_event_rule", "event_pattern", '{"source":["a"]}', '{"source":["b"]}'],
  ["approve lost", "cloudwatch_event_rule", "event_bus_name", "default", "other"],
  ["approve lost", "cloudwatch_event_rule", "schedule_expression", "rate(1 day)", "rate(2 days)"],
  ...["arn", "input", "input_path"].map((name): Case => ["approve lost", target, name, "a", "b"]),
  ["approve lost", target, "input_transformer", [{ input_template: "a" }], [{ input_template: "b" }]],
  ["approve lost", target, "sqs_target", [{ message_group_id: "a" }], [{ message_group_id: "b" }]],
  ["approve lost", target, "dead_letter_config", [{ arn: "a" }], []],
  ["look lost", target, "retry_policy", [{ maximum_retry_attempts: 2 }], [{ maximum_retry_attempts: 1 }]],
  ["none lost", target, "retry_policy", [{ maximum_retry_attempts: 1 }], [{ maximum_retry_attempts: 2 }]],
  ["none lost", mapping, "enabled", false, true],
  ["approve lost", mapping, "function_name", "a", "b"],
  ["none lost", mapping, "function_response_types", [], ["ReportBatchItemFailures"]],
  ["none lost", "lambda_function_recursion_config", "recursive_loop", "Terminate", "Allow"],
  ["approve lost and look knob", fn, "reserved_concurrent_executions", 5, 0],
  ["look knob", fn, "reserved_concurrent_executions", 0, 5],
  ...["LEAD_RETENTION_DAYS", "SAME_PERSON_DAYS"].flatMap((name): Case[] => {
    const days = (value: string) => [{ variables: { [name]: value } }];
    return [
      ["look lost", fn, "environment", days("30"), days("7")],
      ["none lost", fn, "environment", days("7"), days("30")],
    ];
  }),
  ["approve lost and look exposed", "apigatewayv2_api", "disable_execute_api_endpoint", false, true],
  ["approve exposed and none lost", "apigatewayv2_api", "disable_execute_api_endpoint", true, false],
  ["approve exposed and none lost", "apigatewayv2_api", "disable_execute_api_endpoint", true, null],
  ["approve lost", "apigatewayv2_route", "target", "a", "b"],
  ...["integration_uri", "integration_type", "payload_format_version"].map(
    (name): Case => ["approve lost", "apigatewayv2_integration", name, "a", "b"],
  ),
  [
    "approve lost",
    "sesv2_configuration_set",
    "sending_options",
    [{ sending_enabled: true }],
    [{ sending_enabled: false }],
  ],
  [
    "none lost",
    "sesv2_configuration_set",
    "sending_options",
    [{ sending_enabled: false }],
    [{ sending_enabled: true }],
  ],
  ...[
    ...["source_code_hash", "filename", "image_uri", "s3_key", "s3_object_version", "code_sha256"],
    ...["handler", "runtime", "package_type"],
  ].map((name): Case => ["look code", fn, name, "a", "b"]),
  ...["architectures", "layers"].map((name): Case => ["look code", fn, name, ["a"], ["b"]]),
  ...["image_config", "snap_start", "ephemeral_storage"].map(
    (name): Case => ["look code", fn, name, [{ a: "a" }], [{ a: "b" }]],
  ),
  ["look code", "lambda_layer_version", "filename", "a", "b"],
  ["look unknown", "codebuild_project", "filename", "a", "b"],
];

const guarding = suite("review of what keeps leads and alarms");

for (const [found, type, attribute, before, after, beside = {}] of cases) {
  guarding(`${type}: ${attribute} from ${JSON.stringify(before)} to ${JSON.stringify(after)} is ${found}`, async () => {
    const { findings } = await reviewOf(type, { ...beside, [attribute]: before }, { ...beside, [attribute]: after });
    const kinds = new Set(findings.map(({ class: attention, kind }) => `${attention} ${kind}`));
    assert.is([...kinds].join(" and "), found);
  });
}

guarding("a value with line breaks and control characters stays on its line of text", async () => {
  const report = textReport(await reviewOf("sqs_queue", { odd: "a" }, { odd: "b\n\u001b[31mapprove\u2028c" }));
  assert.is(report.split("\n").length, 5);
  assert.equal([report.includes("\u001b"), report.includes("\u2028")], [false, false]);
});

guarding.run();
