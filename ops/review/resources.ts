import { stages, undeliveredEvents, workerNames } from "../../flow.ts";
import type { Change, Json, Plan } from "./plan.ts";
import type { FindingClass, FindingKind } from "./rule.ts";

/** What people call a type of resource, and what it means when one is destroyed. */
interface Resource {
  readonly noun: string;
  /** @default lost */
  readonly kind?: FindingKind;
  /** What is lost when it is destroyed, in a main clause, and the attention that it needs. */
  readonly destroyed: readonly [FindingClass, string];
  /** The same when a new one takes its place. @default as destroyed */
  readonly replaced?: readonly [FindingClass, string];
}

const part = (noun: string, destroyed: string, replaced = "its function does not work in between"): Resource => ({
  noun,
  destroyed: ["approve", destroyed],
  replaced: ["look", replaced],
});
const stateful = (noun: string, destroyed: string): Resource => ({ noun, destroyed: ["approve", destroyed] });
const attachment = (noun: string, destroyed = "what it allows or states is no longer in force"): Resource => ({
  noun,
  destroyed: ["look", destroyed],
  replaced: ["look", "for a moment there is none"],
});

const silent = (noun: string, attention: FindingClass, destroyed: string, replaced = destroyed): Resource => ({
  noun,
  kind: "silent",
  destroyed: [attention, destroyed],
  replaced: ["look", replaced],
});

const noEvents = "events of new leads no longer reach a queue, and nobody works on these leads";
const refused = "the sources' requests fail, and a source may give up and stop";

/** The types of resources that these rules know. */
const resources: Readonly<Record<string, Resource>> = {
  aws_apigatewayv2_api: stateful("HTTP API", `${refused}; a new API has another address`),
  aws_apigatewayv2_integration: part("integration", refused, refused),
  aws_apigatewayv2_route: part("route", refused, refused),
  aws_apigatewayv2_stage: part("stage", refused, refused),
  aws_athena_named_query: attachment("named query", "analysts no longer find it"),
  aws_athena_workgroup: part(
    "workgroup",
    "nobody can query with it, and its past queries are lost",
    "queries fail in between",
  ),
  aws_cloudwatch_composite_alarm: silent(
    "alarm",
    "approve",
    "nobody is notified of what it watches",
    "its state starts again",
  ),
  aws_cloudwatch_dashboard: silent("dashboard", "look", "operators no longer see what it shows"),
  aws_cloudwatch_event_rule: part("event rule", noEvents, noEvents),
  aws_cloudwatch_event_target: part("event target", noEvents, "events that come in between reach no queue"),
  aws_cloudwatch_log_group: stateful("log group", "its log lines are lost"),
  aws_cloudwatch_log_metric_filter: silent("metric filter", "approve", "alarms on its metric no longer fire"),
  aws_cloudwatch_metric_alarm: silent(
    "alarm",
    "approve",
    "nobody is notified of what it watches",
    "its state starts again",
  ),
  aws_dynamodb_table: stateful("table", "its items are lost"),
  aws_glue_catalog_database: part("database", "no table of it can be queried", "queries fail in between"),
  aws_glue_catalog_table: part("table or view of a catalog", "it can no longer be queried", "queries fail in between"),
  aws_iam_openid_connect_provider: attachment("OIDC provider", "workflows can no longer sign in"),
  aws_iam_policy: attachment("policy"),
  aws_iam_role: attachment("role", "whoever works with it can do nothing"),
  aws_iam_role_policy: attachment("policy", "its role may no longer do what it allows"),
  aws_iam_role_policy_attachment: attachment("policy attachment", "its role may no longer do what the policy allows"),
  aws_kms_key: stateful("key", "what it encrypts can never be read again"),
  aws_lambda_event_source_mapping: part(
    "event source mapping",
    "its function receives nothing",
    "its function receives nothing in between",
  ),
  aws_lambda_function: part("function", "it no longer runs"),
  aws_lambda_function_recursion_config: part(
    "recursion setting",
    "Lambda drops messages that are postponed about 16 times",
    "for a moment there is none",
  ),
  aws_lambda_permission: part(
    "permission",
    "its caller can no longer start the function",
    "its caller cannot start the function in between",
  ),
  aws_s3_bucket: stateful("bucket", "its objects are lost"),
  aws_s3_bucket_lifecycle_configuration: attachment(
    "lifecycle configuration",
    "objects and old versions are kept for good",
  ),
  aws_s3_bucket_notification: part("bucket notification", noEvents, noEvents),
  aws_s3_bucket_ownership_controls: attachment("ownership controls"),
  aws_s3_bucket_policy: attachment("bucket policy"),
  aws_s3_bucket_public_access_block: attachment("public access block", "nothing keeps the bucket from becoming public"),
  aws_s3_bucket_server_side_encryption_configuration: attachment("encryption setting"),
  aws_s3_bucket_versioning: stateful("versioning", "what is overwritten or deleted cannot be restored"),
  aws_sesv2_configuration_set: attachment("configuration set", "bounces and complaints of email are no longer counted"),
  aws_sesv2_configuration_set_event_destination: silent(
    "event destination",
    "look",
    "bounces and complaints of email are no longer counted",
  ),
  aws_sesv2_email_identity: part(
    "email identity",
    "nothing can be sent from it",
    "nothing can be sent from it until its DNS records are verified again",
  ),
  aws_sesv2_email_identity_mail_from_attributes: attachment("MAIL FROM domain"),
  aws_sns_topic: silent(
    "topic",
    "approve",
    "nobody is notified of alarms",
    "its subscriptions go, and every address must be confirmed again",
  ),
  aws_sns_topic_policy: silent("topic policy", "approve", "alarms may no longer publish to the topic"),
  aws_sns_topic_subscription: silent(
    "subscription",
    "approve",
    "its receiver no longer gets alarms",
    "its receiver gets no alarms until an address is confirmed again",
  ),
  aws_sqs_queue: stateful("queue", "its messages are lost"),
  aws_sqs_queue_policy: part(
    "queue policy",
    "who may send to the queue is no longer stated: events can be refused",
    "events are refused in between",
  ),
  aws_sqs_queue_redrive_allow_policy: attachment("redrive allow policy"),
  aws_ssm_parameter: part("parameter", "its value is lost, and what reads it fails", "what reads it fails in between"),
  aws_ssm_service_setting: attachment("setting of SSM", "SSM throttles the account's reads of secrets again"),
};

/** Types outside this pipeline that hold no data of their own. Others may. */
const withoutData = /_(?:association|attachment|permission|policy|rule|route|record|alias|acl|listener|grant)$/;

/** What these rules know of a type, or undefined. */
export const resourceOf = (type: string): Resource | undefined =>
  Object.hasOwn(resources, type) ? resources[type] : undefined;

/** What is lost when a resource is destroyed or replaced, in a main clause. */
export interface Loss {
  readonly noun: string;
  readonly kind: FindingKind;
  readonly attention: FindingClass;
  readonly loss: string;
}

/** Says what it means that a resource is destroyed, or replaced by a new one. Of types that it does not know, it fears data. */
export function lossOf(change: Change, plan: Plan): Loss {
  const known = resourceOf(change.type);
  if (known === undefined) {
    const loss = "no rule of this review knows its type";
    const attention = withoutData.test(change.type) ? "look" : "approve";
    return {
      noun: change.type,
      kind: "lost",
      attention,
      loss: attention === "look" ? loss : `${loss}, and what it holds may be lost`,
    };
  }
  const [attention, loss] = (change.action === "replace" ? known.replaced : undefined) ?? known.destroyed;
  return { noun: known.noun, kind: known.kind ?? "lost", attention, loss: special(change, plan) ?? loss };
}

/** What is lost with the parts of this pipeline that hold leads, messages or what was announced. */
function special({ type, name, action }: Change, plan: Plan): string | undefined {
  if (type === "aws_s3_bucket" && name === "leads_bucket") return "every lead is lost, raw and enriched";
  if (type === "aws_dynamodb_table" && name === "ledger") {
    const days = leadRetentionDays(plan);
    return `leads of the last ${days === undefined ? "days" : `${days} days`} can be announced again`;
  }
  if (type !== "aws_sqs_queue") return undefined;
  if (name === undeliveredEvents.replaceAll("-", "_"))
    return "events that could not be delivered are lost: nobody works on their leads";
  if (name.endsWith("_dlq")) return "its dead letters are lost: nobody works on their leads";
  const worker = workerNames.find((worker) => stages[worker].queue.replaceAll("-", "_") === name);
  if (worker === undefined) return undefined;
  const until = action === "replace" ? " until the new mapping is active" : " from it any more";
  return `its messages are lost, and ${worker} receives nothing${until}`;
}

/** The days for which leads are kept, as the deployed functions know them. */
function leadRetentionDays({ changes }: Plan): string | undefined {
  const variables = changes.flatMap(({ type, before }) => (type === "aws_lambda_function" ? variablesOf(before) : []));
  return variables.map(({ LEAD_RETENTION_DAYS }) => LEAD_RETENTION_DAYS).find((days) => typeof days === "string");
}

function variablesOf({ environment }: Json): Json[] {
  const [first] = Array.isArray(environment) ? environment : [];
  return first?.variables ? [first.variables] : [];
}
