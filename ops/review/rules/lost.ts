import type { AttributeChange } from "../attributes.ts";
import { always, type Guards, type Judge, judged, unless, unlessAdded, unlessMore } from "../guards.ts";
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

/** What keeps leads, messages and the memory of announcements, and what a lead's way depends on. */
const guards: Guards = {
  // The order of the rules means nothing.
  s3_bucket_lifecycle_configuration: [[/^rule(?!\.\(order)/, unlessLater, expiry, saveFirst]],
  s3_bucket: [[/^force_destroy$/, unless("approve", false, null), "lets Terraform delete the bucket with all objects"]],
  s3_bucket_versioning: [
    [/status$/, unless("approve", "Enabled"), "stops versions: what is overwritten or deleted is lost"],
  ],
  s3_bucket_notification: [[/^eventbridge$/, unless("approve", true), noEvents]],
  sqs_queue: [
    [/^message_retention_seconds$/, unlessMore("approve"), "deletes older messages at once", saveFirst],
    [/^max_message_size$/, unlessMore("look"), "refuses messages that it accepts today"],
    [/^redrive_policy(?:\.deadLetterTargetArn)?$/, always("approve"), "moves failed messages elsewhere or nowhere"],
  ],
  dynamodb_table: [
    [/^ttl/, always("approve"), "changes when items are deleted", saveFirst],
    [/recovery.*enabled$/, unless("approve", true), "ends recovery to a point in time"],
    [/recovery_period_in_days$/, unlessMore("approve"), "shortens recovery to a point in time"],
    [/^deletion_protection_enabled$/, unless("approve", true), "lets everybody with rights delete the table"],
  ],
  cloudwatch_event_rule: [
    [/^(?:state|is_enabled)$/, unless("approve", "ENABLED", true), noEvents],
    [/^(?:event_pattern|event_bus_name|schedule_expression)/, always("approve"), noEvents],
  ],
  cloudwatch_event_target: [
    [/^(?:arn|input|input_path|input_transformer|sqs_target)/, always("approve"), noEvents],
    [/^dead_letter_config/, always("approve"), "drops events that cannot be delivered, or moves them"],
    [/^retry_policy/, unlessMore("look"), "gives up earlier on events that cannot be delivered"],
  ],
  lambda_event_source_mapping: [
    [/^enabled$/, unless("approve", true), "stops the function: it receives nothing"],
    [/^function_name$/, always("approve"), "gives the messages to another function"],
    [/^filter_criteria/, always("approve"), "changes the filter: messages outside it are deleted unseen"],
    [/^function_response_types$/, unlessAdded("approve"), "repeats whole batches when one message fails"],
  ],
  lambda_function_recursion_config: [
    [/^recursive_loop$/, unless("approve", "Allow"), "drops messages that are postponed about 16 times"],
  ],
  lambda_function: [
    [/^reserved_concurrent_executions$/, (_, after) => (after === 0 ? "approve" : undefined), "stops the function"],
    [
      /\.LEAD_RETENTION_DAYS$/,
      unlessMore("look"),
      "forgets announcements earlier: older leads that are replayed are announced again",
    ],
    [/\.SAME_PERSON_DAYS$/, unlessMore("look"), "recognizes a person who came before for fewer days"],
  ],
  apigatewayv2_api: [
    [/^disable_execute_api_endpoint$/, unless("approve", false, null), "closes the address that sources use"],
  ],
  apigatewayv2_route: [[/^target$/, always("approve"), "gives the sources' requests to something else"]],
  apigatewayv2_integration: [
    [
      /^(?:integration_uri|integration_type|payload_format_version)$/,
      always("approve"),
      "gives the sources' requests to something else",
    ],
  ],
  sesv2_configuration_set: [[/sending_enabled$/, unless("approve", true), "stops email"]],
};

/** Finds shorter retention, protection that is switched off, and cuts in the way of leads. */
export const lost: Rule = (change, { attributes }) => judged("lost", guards, notMeant, { change, attributes });
