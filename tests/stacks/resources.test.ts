import { suite } from "uvu";
import * as assert from "uvu/assert";
import { channelsOf } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { alarmsOf } from "../../stacks/alarms.ts";
import { sourceSecrets } from "../helpers/source-secrets.ts";
import { ref, synthesizedStack } from "../helpers/synth.ts";

const dev = await synthesizedStack("leadwire-dev");
const staging = await synthesizedStack("leadwire-staging");
const prod = await synthesizedStack("leadwire-prod");
const state = await synthesizedStack("leadwire-state");

const bucket = (name: string) =>
  [
    "",
    "_lifecycle_configuration",
    "_ownership_controls",
    "_policy",
    "_public_access_block",
    "_server_side_encryption_configuration",
    "_versioning",
  ].map((part) => `aws_s3_bucket${part}.${name}`);

const inEveryEnvironment = [
  "aws_apigatewayv2_api.api",
  "aws_apigatewayv2_integration.api",
  "aws_apigatewayv2_route.api",
  "aws_apigatewayv2_stage.api",
  "aws_cloudwatch_dashboard.dashboard",
  "aws_cloudwatch_event_rule.enriched_lead_created",
  "aws_cloudwatch_event_rule.raw_lead_created",
  "aws_cloudwatch_event_target.enriched_lead_created",
  "aws_cloudwatch_event_target.raw_lead_created",
  "aws_cloudwatch_log_group.api",
  "aws_cloudwatch_log_group.enrich",
  "aws_cloudwatch_log_group.ingest",
  "aws_cloudwatch_log_group.notify",
  ...alarmsOf(channelsOf(environments.dev)).map(
    ({ name }) => `aws_cloudwatch_metric_alarm.${name.replaceAll("-", "_")}`,
  ),
  "aws_dynamodb_table.ledger",
  "aws_iam_role.enrich",
  "aws_iam_role.ingest",
  "aws_iam_role.notify",
  "aws_iam_role_policy.enrich",
  "aws_iam_role_policy.ingest",
  "aws_iam_role_policy.notify",
  "aws_lambda_event_source_mapping.enrich",
  "aws_lambda_event_source_mapping.notify",
  "aws_lambda_function.enrich",
  "aws_lambda_function.ingest",
  "aws_lambda_function.notify",
  "aws_lambda_permission.api",
  ...bucket("leads_bucket"),
  "aws_s3_bucket_notification.leads_bucket",
  "aws_sesv2_account_suppression_attributes.email",
  "aws_sesv2_configuration_set.email",
  "aws_sesv2_configuration_set_event_destination.email",
  "aws_sns_topic.alarms",
  "aws_sns_topic_policy.alarms",
  "aws_sqs_queue.events_dlq",
  "aws_sqs_queue.leads",
  "aws_sqs_queue.leads_dlq",
  "aws_sqs_queue.notifications",
  "aws_sqs_queue.notifications_dlq",
  "aws_sqs_queue_policy.events_dlq",
  "aws_sqs_queue_policy.leads",
  "aws_sqs_queue_policy.leads_dlq",
  "aws_sqs_queue_policy.notifications",
  "aws_sqs_queue_policy.notifications_dlq",
  "aws_sqs_queue_redrive_allow_policy.leads",
  "aws_sqs_queue_redrive_allow_policy.notifications",
];

const resources = suite("stacks :: resources");
resources("dev is all of the flow, with every email address as an identity", () => {
  assert.equal(
    dev.addresses,
    [
      ...inEveryEnvironment,
      "aws_sesv2_email_identity.email_leadwire_dev_example_com",
      "aws_sesv2_email_identity.email_sales_dev_example_com",
      "aws_sns_topic_subscription.alarms_platform_dev_example_com",
    ].sort(),
  );
});
resources("staging has dev's resources and one recipient more", () => {
  const own = staging.addresses.filter((address) => !inEveryEnvironment.includes(address));
  assert.equal(own, [
    "aws_sesv2_email_identity.email_leadwire_staging_example_com",
    "aws_sesv2_email_identity.email_revops_staging_example_com",
    "aws_sesv2_email_identity.email_sales_staging_example_com",
    "aws_sns_topic_subscription.alarms_platform_staging_example_com",
  ]);
});
resources("prod sends from a domain of its own, and pages", () => {
  const own = prod.addresses.filter((address) => !inEveryEnvironment.includes(address));
  assert.equal(own, [
    "aws_sesv2_email_identity.email",
    "aws_sesv2_email_identity_mail_from_attributes.email",
    "aws_sns_topic_subscription.alarms_pagerduty",
    "aws_sns_topic_subscription.alarms_platform_example_com",
  ]);
  assert.equal(Object.keys(prod.file.data ?? {}), ["aws_ssm_parameter"]);
});
resources("every environment has all of the flow", () => {
  for (const { addresses } of [staging, prod]) {
    assert.equal(
      inEveryEnvironment.filter((address) => !addresses.includes(address)),
      [],
    );
  }
});
resources("the state stack is one bucket", () => {
  assert.equal(state.addresses, bucket("state").sort());
});
const outputs = {
  alarm_topic_arn: ref("aws_sns_topic.alarms.arn"),
  endpoint: ref("aws_apigatewayv2_api.api.api_endpoint"),
  events_dlq_url: ref("aws_sqs_queue.events_dlq.url"),
  leads_bucket: ref("aws_s3_bucket.leads_bucket.bucket"),
  leads_dlq_url: ref("aws_sqs_queue.leads_dlq.url"),
  leads_queue_url: ref("aws_sqs_queue.leads.url"),
  ledger_table: ref("aws_dynamodb_table.ledger.name"),
  notifications_dlq_url: ref("aws_sqs_queue.notifications_dlq.url"),
  notifications_queue_url: ref("aws_sqs_queue.notifications.url"),
};
const values = (stack: typeof dev) =>
  Object.fromEntries(Object.entries(stack.file.output).map(([name, { value }]) => [name, value]));
resources("outputs name what operators and the local run need", () => {
  assert.equal(values(dev), {
    ...outputs,
    slack_webhook_parameters: { sales: "/leadwire/dev/slack/sales/webhook-url" },
    source_secret_parameters: sourceSecrets("dev"),
  });
});
resources("outputs of prod also name the DNS records of its domain", () => {
  const { dkim_records, ...rest } = values(prod);
  assert.match(String(dkim_records), "for token in aws_sesv2_email_identity.email.dkim_signing_attributes[0].tokens");
  assert.match(String(dkim_records), "._domainkey.leads.example.com");
  assert.equal(rest, {
    ...outputs,
    slack_webhook_parameters: {
      sales: "/leadwire/prod/slack/sales/webhook-url",
      enterprise: "/leadwire/prod/slack/enterprise/webhook-url",
    },
    source_secret_parameters: sourceSecrets("prod"),
    mail_from_records: [
      { name: "mail.leads.example.com", type: "MX", value: "10 feedback-smtp.us-east-1.amazonses.com" },
      { name: "mail.leads.example.com", type: "TXT", value: "v=spf1 include:amazonses.com ~all" },
    ],
  });
});
resources("the state stack's output names its bucket", () => {
  assert.equal(values(state), { state_bucket: ref("aws_s3_bucket.state.bucket") });
});
resources("names start with the stack's", () => {
  const named = (type: string, attribute: string) => dev.all(type).map(([, block]) => String(block[attribute]));
  for (const name of [
    ...named("aws_sqs_queue", "name"),
    ...named("aws_lambda_function", "function_name"),
    ...named("aws_iam_role", "name"),
    ...named("aws_cloudwatch_event_rule", "name"),
    ...named("aws_cloudwatch_metric_alarm", "alarm_name"),
    ...named("aws_s3_bucket", "bucket"),
    ...named("aws_dynamodb_table", "name"),
    ...named("aws_sns_topic", "name"),
    ...named("aws_apigatewayv2_api", "name"),
  ]) {
    assert.match(name, /^leadwire-dev-/);
  }
});
resources.run();
