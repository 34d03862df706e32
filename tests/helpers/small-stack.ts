import { join } from "node:path";
import { smallFunctions } from "./small-functions.ts";
import { tempFolder } from "./temp-folder.ts";
import { writeStackFile, writeZip } from "./zip.ts";

type Json = Readonly<Record<string, unknown>>;

const account = "123456789012";

/** A Terraform reference. */
const ref = (path: string) => `\${${path}}`;

const lambda = (name: string, variables: Json, more: Json = {}) => ({
  function_name: `small-${name}`,
  role: ref(`aws_iam_role.${name}.arn`),
  runtime: "nodejs24.x",
  handler: "index.handler",
  filename: `assets/${name}.zip`,
  timeout: 30,
  memory_size: 128,
  environment: { variables },
  logging_config: { log_format: "JSON" },
  ...more,
});

const statement = (actions: string[], ...resources: string[]) => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});

const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

const role = (name: string) => ({
  name: `small-${name}`,
  assume_role_policy: policy({
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  }),
});

const rolePolicy = (name: string, ...statements: object[]) => ({
  role: ref(`aws_iam_role.${name}.name`),
  policy: policy(
    statement(["logs:CreateLogStream", "logs:PutLogEvents"], `arn:aws:logs:*:*:log-group:/aws/lambda/small-${name}:*`),
    ...statements,
  ),
});

const objects = (action: string, prefix = "") => statement([action], `${ref("aws_s3_bucket.leads.arn")}/${prefix}*`);

const consume = (name: string) =>
  statement(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], ref(`aws_sqs_queue.${name}.arn`));

const queuePolicy = (name: string, ruleName: string) => ({
  queue_url: ref(`aws_sqs_queue.${name}.id`),
  policy: policy({
    ...statement(["sqs:SendMessage"], ref(`aws_sqs_queue.${name}.arn`)),
    Principal: { Service: "events.amazonaws.com" },
    Condition: { ArnEquals: { "aws:SourceArn": ref(`aws_cloudwatch_event_rule.${ruleName}.arn`) } },
  }),
});

const identity = (name: string) => ref(`aws_sesv2_email_identity.${name}.arn`);

const queue = (name: string) => ({
  name: `small-${name}`,
  visibility_timeout_seconds: 30,
  redrive_policy: JSON.stringify({ deadLetterTargetArn: ref(`aws_sqs_queue.${name}_dlq.arn`), maxReceiveCount: 1 }),
});

const rule = (name: string, key: Json) => ({
  name: `small-${name}`,
  event_pattern: JSON.stringify({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [ref("aws_s3_bucket.leads.bucket")] }, object: { key: [key] } },
  }),
});

const mapping = (name: string, source: string) => ({
  event_source_arn: ref(`aws_sqs_queue.${source}.arn`),
  function_name: ref(`aws_lambda_function.${name}.arn`),
  batch_size: 10,
  function_response_types: ["ReportBatchItemFailures"],
  scaling_config: { maximum_concurrency: 2 },
});

const bucket = { LEADS_BUCKET: ref("aws_s3_bucket.leads.id") };
/** A second source, so that a run can leave one out. */
const formats = { website: "standard-webhooks", forms: "standard-webhooks" };
const oneSource = { website: formats.website };
const sourceVariables = (served: object) => ({ SOURCES: JSON.stringify(served), SOURCE_PARAMETERS: "/small/sources" });
const settingsOf = (name: string) => ({
  name: `/small/sources/${name}/settings`,
  type: "String",
  insecure_value: "{}",
});

/** A pipeline with every kind of part that the embedded run builds, and nothing more. */
const stackFile = {
  provider: { aws: [{ region: "eu-central-1", allowed_account_ids: [account] }] },
  data: { aws_caller_identity: { current: {} } },
  resource: {
    aws_ssm_parameter: { website: settingsOf("website") },
    aws_s3_bucket: { leads: { bucket: `small-leads-${ref("data.aws_caller_identity.current.account_id")}` } },
    aws_s3_bucket_notification: { leads: { bucket: ref("aws_s3_bucket.leads.id"), eventbridge: true } },
    aws_iam_role: { ingest: role("ingest"), enrich: role("enrich"), notify: role("notify") },
    aws_iam_role_policy: {
      ingest: rolePolicy("ingest", objects("s3:PutObject")),
      enrich: rolePolicy("enrich", consume("leads"), objects("s3:GetObject"), objects("s3:PutObject", "enriched/")),
      notify: rolePolicy(
        "notify",
        consume("notifications"),
        statement(["ssm:GetParameter"], `arn:aws:ssm:*:${account}:parameter/small/*`),
        statement(["ses:SendEmail"], identity("sender"), identity("sales")),
      ),
    },
    aws_sqs_queue_policy: {
      leads: queuePolicy("leads", "raw"),
      notifications: queuePolicy("notifications", "enriched"),
    },
    aws_lambda_permission: {
      ingest: {
        statement_id: "Api",
        action: "lambda:InvokeFunction",
        function_name: ref("aws_lambda_function.ingest.function_name"),
        principal: "apigateway.amazonaws.com",
        source_arn: `${ref("aws_apigatewayv2_api.api.execution_arn")}/*/POST/{source}`,
      },
    },
    aws_sqs_queue: {
      leads_dlq: { name: "small-leads-dlq" },
      leads: queue("leads"),
      notifications_dlq: { name: "small-notifications-dlq" },
      notifications: queue("notifications"),
    },
    aws_cloudwatch_event_rule: {
      raw: rule("raw", { "anything-but": { wildcard: "*/*" } }),
      enriched: rule("enriched", { prefix: "enriched/" }),
    },
    aws_cloudwatch_event_target: {
      raw: { rule: ref("aws_cloudwatch_event_rule.raw.name"), arn: ref("aws_sqs_queue.leads.arn") },
      enriched: { rule: ref("aws_cloudwatch_event_rule.enriched.name"), arn: ref("aws_sqs_queue.notifications.arn") },
    },
    aws_lambda_function: {
      ingest: lambda("ingest", { ...bucket, ...sourceVariables(oneSource) }),
      enrich: lambda("enrich", bucket),
      notify: lambda("notify", { SLACK_WEBHOOK_PARAMETER: "/small/slack" }),
    },
    aws_lambda_event_source_mapping: {
      leads: mapping("enrich", "leads"),
      notifications: mapping("notify", "notifications"),
    },
    aws_apigatewayv2_api: { api: { name: "small", protocol_type: "HTTP" } },
    aws_apigatewayv2_integration: {
      ingest: { integration_uri: ref("aws_lambda_function.ingest.invoke_arn"), payload_format_version: "2.0" },
    },
    aws_apigatewayv2_route: {
      source: { route_key: "POST /{source}", target: `integrations/${ref("aws_apigatewayv2_integration.ingest.id")}` },
    },
    aws_apigatewayv2_stage: { live: { name: "$default" } },
    aws_dynamodb_table: { ledger: { name: "small-ledger", hash_key: "id", attribute: [{ name: "id", type: "S" }] } },
    aws_sns_topic: { alarms: { name: "small-alarms" } },
    aws_sesv2_email_identity: {
      sender: { email_identity: "leads@example.com" },
      sales: { email_identity: "sales@example.com" },
    },
    aws_cloudwatch_dashboard: { flow: { dashboard_body: ref("unknown_thing.that.is_not_read") } },
  },
  output: {
    endpoint: { value: ref("aws_apigatewayv2_stage.live.invoke_url") },
    leads_bucket: { value: ref("aws_s3_bucket.leads.bucket") },
    leads_queue_url: { value: ref("aws_sqs_queue.leads.url") },
    notifications_queue_url: { value: ref("aws_sqs_queue.notifications.url") },
    source_secret_parameters: { value: { website: ["/small/website"] } },
    slack_webhook_parameters: { value: { leads: "/small/slack" } },
  },
};

/**
 * Writes the small pipeline's stack folder.
 * @param route what the API takes
 * @param hasTwoSources also "forms", beside "website"
 */
export function smallStack(
  folder = tempFolder(),
  route = stackFile.resource.aws_apigatewayv2_route.source.route_key,
  hasTwoSources = false,
): string {
  const { resource, output } = structuredClone(stackFile);
  resource.aws_apigatewayv2_route.source.route_key = route;
  if (hasTwoSources) {
    Object.assign(resource.aws_ssm_parameter, { forms: settingsOf("forms") });
    Object.assign(resource.aws_lambda_function.ingest.environment.variables, sourceVariables(formats));
    Object.assign(output.source_secret_parameters.value, { forms: ["/small/forms"] });
  }
  writeStackFile(folder, { ...stackFile, resource, output });
  for (const [name, files] of Object.entries(smallFunctions)) writeZip(join(folder, "assets", `${name}.zip`), files);
  return folder;
}
