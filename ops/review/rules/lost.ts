import type { AttributeChange } from "../attributes.ts";
import { always, type Guard, type Judge, judged, unless, unlessAdded, unlessMore } from "../guards.ts";
import type { Change } from "../plan.ts";
import { pathText, type Rule } from "../rule.ts";

/** A rule of a bucket that ends later, or is no longer in force, takes nothing away. */
const unlessLater: Judge = (before, after) =>
  after === undefined || after === null || after === "Disabled" || Number(after) > Number(before) ? "none" : "approve";

function expiry({ name }: Change, { path, after }: AttributeChange): string {
  const text = pathText(path);
  if (!/days$/.test(text)) return "changes which objects are deleted, and when";
  if (/noncurrent/.test(text)) return `deletes overwritten and deleted versions after ${after} days`;
  const what = name === "leads_bucket" ? "leads" : "objects";
  return `deletes ${what} older than ${after} days, those that are stored now within a day`;
}

const saveFirst = "Copy what is still needed before apply.";
const noEvents = "stops or changes the events of new leads: nobody works on leads whose events are missing";
const notMeant = "Make sure that this is meant.";
const at = (type: string, path: RegExp, judge: Judge, says: Guard["says"], todo = notMeant): Guard => ({
  type: new RegExp(`^aws_${type}$`),
  path,
  judge,
  says,
  todo,
});

/** What keeps leads, messages and the memory of announcements, and what a lead's way depends on. */
const guards: readonly Guard[] = [
  at("s3_bucket_lifecycle_configuration", /^rule/, unlessLater, expiry, saveFirst),
  at(
    "s3_bucket",
    /^force_destroy$/,
    unless("approve", false, null),
    "lets Terraform delete the bucket with all objects",
  ),
  at(
    "s3_bucket_versioning",
    /status$/,
    unless("approve", "Enabled"),
    "stops versions: what is overwritten or deleted is lost",
  ),
  at("s3_bucket_notification", /^eventbridge$/, unless("approve", true), noEvents),
  at("sqs_queue", /^message_retention_seconds$/, unlessMore("approve"), "deletes older messages at once", saveFirst),
  at("sqs_queue", /^max_message_size$/, unlessMore("look"), "refuses messages that it accepts today"),
  at(
    "sqs_queue",
    /^redrive_policy(?:\.deadLetterTargetArn)?$/,
    always("approve"),
    "moves failed messages elsewhere or nowhere",
  ),
  at("dynamodb_table", /^ttl/, always("approve"), "changes when items are deleted", saveFirst),
  at("dynamodb_table", /recovery.*enabled$/, unless("approve", true), "ends recovery to a point in time"),
  at("dynamodb_table", /recovery_period_in_days$/, unlessMore("approve"), "shortens recovery to a point in time"),
  at(
    "dynamodb_table",
    /^deletion_protection_enabled$/,
    unless("approve", true),
    "lets everybody with rights delete the table",
  ),
  at("cloudwatch_event_rule", /^(?:state|is_enabled)$/, unless("approve", "ENABLED", true), noEvents),
  at("cloudwatch_event_rule", /^(?:event_pattern|event_bus_name|schedule_expression)/, always("approve"), noEvents),
  at("cloudwatch_event_target", /^(?:arn|input|input_path|input_transformer|sqs_target)/, always("approve"), noEvents),
  at(
    "cloudwatch_event_target",
    /^dead_letter_config/,
    always("approve"),
    "drops events that cannot be delivered, or moves them",
  ),
  at(
    "cloudwatch_event_target",
    /^retry_policy/,
    unlessMore("look"),
    "gives up earlier on events that cannot be delivered",
  ),
  at("lambda_event_source_mapping", /^enabled$/, unless("approve", true), "stops the function: it receives nothing"),
  at("lambda_event_source_mapping", /^function_name$/, always("approve"), "gives the messages to another function"),
  at(
    "lambda_event_source_mapping",
    /^filter_criteria/,
    always("approve"),
    "changes the filter: messages outside it are deleted unseen",
  ),
  at(
    "lambda_event_source_mapping",
    /^function_response_types$/,
    unlessAdded("approve"),
    "repeats whole batches when one message fails",
  ),
  at(
    "lambda_function_recursion_config",
    /^recursive_loop$/,
    unless("approve", "Allow"),
    "drops messages that are postponed about 16 times",
  ),
  at(
    "lambda_function",
    /^reserved_concurrent_executions$/,
    (_, after) => (after === 0 ? "approve" : undefined),
    "stops the function",
  ),
  at(
    "lambda_function",
    /\.LEAD_RETENTION_DAYS$/,
    unlessMore("look"),
    "forgets announcements earlier: older leads that are replayed are announced again",
  ),
  at(
    "lambda_function",
    /\.SAME_PERSON_DAYS$/,
    unlessMore("look"),
    "recognizes a person who came before for fewer days",
  ),
  at(
    "apigatewayv2_api",
    /^disable_execute_api_endpoint$/,
    unless("approve", false, null),
    "closes the address that sources use",
  ),
  at("apigatewayv2_route", /^target$/, always("approve"), "gives the sources' requests to something else"),
  at(
    "apigatewayv2_integration",
    /^(?:integration_uri|integration_type|payload_format_version)$/,
    always("approve"),
    "gives the sources' requests to something else",
  ),
  at("sesv2_configuration_set", /sending_enabled$/, unless("approve", true), "stops email"),
];

/** Finds shorter retention, protection that is switched off, and cuts in the way of leads. */
export const lost: Rule = (change, { attributes }) => judged("lost", guards, change, attributes);
