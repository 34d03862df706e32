import { pick } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { emailIdentities } from "../../environments/email-identities.ts";
import { channelSettings, channelsOf, type Environment, routingOf } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { webhookOutput } from "../../flow.ts";
import { destinationsOf } from "../../functions/lead/routing.ts";
import { withoutConsumers } from "../../scripts/inventory/consumers.ts";
import { alarmsOf } from "../../stacks/alarms.ts";
import { sourceSecrets } from "../helpers/source-secrets.ts";
import { type Block, ref, type SynthesizedStack, shippedStacks, synthesizedStack } from "../helpers/synth.ts";
import { plain as environment, testStacks } from "../helpers/unusual-environment.ts";

const { plain, unusual } = await testStacks();
const shipped = await shippedStacks();
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
  "aws_cloudwatch_event_rule.reconcile_announced",
  "aws_cloudwatch_event_rule.reconcile_enriched",
  "aws_cloudwatch_event_target.enriched_lead_created",
  "aws_cloudwatch_event_target.raw_lead_created",
  "aws_cloudwatch_event_target.reconcile_announced",
  "aws_cloudwatch_event_target.reconcile_enriched",
  "aws_cloudwatch_log_group.api",
  "aws_cloudwatch_log_group.enrich",
  "aws_cloudwatch_log_group.ingest",
  "aws_cloudwatch_log_group.notify",
  "aws_cloudwatch_log_group.reconcile",
  "aws_cloudwatch_log_metric_filter.api_throttled_requests",
  ...alarmsOf(channelsOf(environment)).map(({ name }) => `aws_cloudwatch_metric_alarm.${name.replaceAll("-", "_")}`),
  "aws_dynamodb_table.ledger",
  "aws_iam_role.enrich",
  "aws_iam_role.ingest",
  "aws_iam_role.notify",
  "aws_iam_role.reconcile",
  "aws_iam_role_policy.enrich",
  "aws_iam_role_policy.ingest",
  "aws_iam_role_policy.notify",
  "aws_iam_role_policy.reconcile",
  "aws_lambda_event_source_mapping.enrich",
  "aws_lambda_event_source_mapping.notify",
  "aws_lambda_function.enrich",
  "aws_lambda_function.ingest",
  "aws_lambda_function.notify",
  "aws_lambda_function.reconcile",
  "aws_lambda_function_recursion_config.enrich",
  "aws_lambda_function_recursion_config.notify",
  "aws_lambda_permission.api",
  "aws_lambda_permission.reconcile_announced",
  "aws_lambda_permission.reconcile_enriched",
  ...bucket("leads_bucket"),
  "aws_s3_bucket_notification.leads_bucket",
  "aws_sesv2_configuration_set.email",
  "aws_sesv2_configuration_set_event_destination.email",
  "aws_sns_topic.alarms",
  "aws_sns_topic.notices",
  "aws_sns_topic_policy.alarms",
  "aws_sns_topic_policy.notices",
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
resources("are all of the flow, with every email address as an identity and every source's settings", () => {
  assert.equal(
    plain.addresses,
    [
      ...inEveryEnvironment,
      "aws_sesv2_email_identity.email_robot_example_net",
      "aws_sesv2_email_identity.email_one_example_net",
      "aws_sns_topic_subscription.alarms_one_alarm_example_net",
      "aws_sns_topic_subscription.notices_one_alarm_example_net",
      "aws_ssm_parameter.sources_forms",
      "aws_ssm_parameter.sources_smoke",
    ].sort(),
  );
});
resources("in production have a domain in place of addresses, and a subscription of PagerDuty", () => {
  const own = unusual.addresses.filter((address) => !inEveryEnvironment.includes(address));
  assert.equal(own, [
    "aws_cloudwatch_metric_alarm.no_leads",
    "aws_sesv2_email_identity.email",
    "aws_sesv2_email_identity_mail_from_attributes.email",
    "aws_sns_topic_subscription.alarms_one_alarm_example_net",
    "aws_sns_topic_subscription.alarms_pagerduty",
    "aws_sns_topic_subscription.alarms_two_alarm_example_net",
    "aws_sns_topic_subscription.notices_one_alarm_example_net",
    "aws_sns_topic_subscription.notices_two_alarm_example_net",
    "aws_ssm_parameter.sources_forms",
    "aws_ssm_parameter.sources_smoke",
    "aws_ssm_service_setting.parameter_throughput",
  ]);
  assert.equal(Object.keys(unusual.file.data ?? {}), ["aws_ssm_parameter"]);
});
/** Types of resources whose number depends on an environment's addresses, channels and sources. */
const chosen = [
  "aws_cloudwatch_metric_alarm",
  "aws_sesv2_email_identity",
  "aws_sesv2_email_identity_mail_from_attributes",
  "aws_sns_topic_subscription",
  "aws_ssm_parameter",
  "aws_ssm_service_setting",
];
resources("of every shipped environment are these, for its own addresses, and those of its consumers", () => {
  for (const [name, stack] of shipped) {
    const { email, consumers }: Environment = environments[name];
    const { resource = {} } = withoutConsumers(stack.file, Object.keys({ ...consumers }));
    const others = Object.entries(resource).filter(([type]) => !chosen.includes(type));
    const addresses = others.flatMap(([type, named]) => Object.keys(named).map((own) => `${type}.${own}`));
    const inEvery = inEveryEnvironment.filter((address) => !address.startsWith("aws_cloudwatch_metric_alarm."));
    assert.equal(addresses.sort(), inEvery.toSorted());
    const settings = Object.keys(resource.aws_ssm_parameter ?? {});
    assert.equal(
      settings,
      [...Object.keys(environments[name].sources), "smoke"].map((source) => `sources_${source}`).sort(),
    );
    const identities = stack.all("aws_sesv2_email_identity").map(([, { email_identity }]) => email_identity);
    assert.equal(identities.sort(), emailIdentities(email).toSorted());
  }
});
resources("the state stack is one bucket", () => {
  assert.equal(state.addresses, bucket("state").sort());
});
const outputs = {
  alarm_topic_arn: ref("aws_sns_topic.alarms.arn"),
  endpoint: ref("aws_apigatewayv2_api.api.api_endpoint"),
  events_dlq_url: ref("aws_sqs_queue.events_dlq.url"),
  notice_topic_arn: ref("aws_sns_topic.notices.arn"),
  leads_bucket: ref("aws_s3_bucket.leads_bucket.bucket"),
  leads_dlq_url: ref("aws_sqs_queue.leads_dlq.url"),
  leads_queue_url: ref("aws_sqs_queue.leads.url"),
  ledger_table: ref("aws_dynamodb_table.ledger.name"),
  notifications_dlq_url: ref("aws_sqs_queue.notifications_dlq.url"),
  notifications_queue_url: ref("aws_sqs_queue.notifications.url"),
};
const values = (stack: SynthesizedStack) =>
  Object.fromEntries(Object.entries(stack.file.output).map(([name, { value }]) => [name, value]));
resources("outputs name what operators and the local run need", () => {
  assert.equal(values(plain), {
    ...outputs,
    slack_webhook_parameters: { everybody: "/leadwire/plain/slack/everybody/webhook-url" },
    source_secret_parameters: {
      forms: ["/leadwire/plain/sources/forms/signing-secret"],
      smoke: ["/leadwire/plain/sources/smoke/signing-secret"],
    },
  });
});
resources("outputs in production also name the DNS records of the domain", () => {
  const { dkim_records, dmarc_records, ...rest } = values(unusual);
  assert.equal(dmarc_records, [{ name: "_dmarc.post.example.net", type: "TXT", value: "v=DMARC1; p=none" }]);
  assert.match(String(dkim_records), "for token in aws_sesv2_email_identity.email.dkim_signing_attributes[0].tokens");
  assert.match(String(dkim_records), "._domainkey.post.example.net");
  assert.equal(rest, {
    ...outputs,
    slack_webhook_parameters: {
      everybody: "/leadwire/unusual/slack/everybody/webhook-url",
      dach: "/leadwire/unusual/slack/dach/webhook-url",
      big: "/leadwire/unusual/slack/big/webhook-url",
    },
    source_secret_parameters: {
      forms: ["/leadwire/unusual/sources/forms/signing-secret"],
      smoke: ["/leadwire/unusual/sources/smoke/signing-secret"],
    },
    mail_from_records: [
      { name: "mail.post.example.net", type: "MX", value: "10 feedback-smtp.eu-west-1.amazonses.com" },
      { name: "mail.post.example.net", type: "TXT", value: "v=spf1 include:amazonses.com ~all" },
    ],
  });
});
resources("outputs of every shipped environment name the same, and its own secrets", () => {
  for (const [name, stack] of shipped) {
    const parameters = (channel: string) => {
      const destinations = destinationsOf(routingOf(environments[name]));
      return Object.fromEntries(destinations.map((one) => [one, `/leadwire/${name}/${channel}/${one}/webhook-url`]));
    };
    const expected = {
      ...outputs,
      ...Object.fromEntries(
        Object.keys(channelSettings(environments[name])).map((one) => [webhookOutput(one), parameters(one)]),
      ),
      source_secret_parameters: sourceSecrets(name),
    };
    assert.equal(pick(values(stack), Object.keys(expected)), expected);
  }
});
resources("the state stack's output names its bucket", () => {
  assert.equal(values(state), { state_bucket: ref("aws_s3_bucket.state.bucket") });
});
resources("names start with the stack's", () => {
  for (const [environment, stack] of shipped) {
    const named = (type: string, attribute: string) => stack.all(type).map(([, block]) => String(block[attribute]));
    const names = [
      ...named("aws_sqs_queue", "name"),
      ...named("aws_lambda_function", "function_name"),
      ...named("aws_iam_role", "name"),
      ...named("aws_cloudwatch_event_rule", "name"),
      ...named("aws_cloudwatch_metric_alarm", "alarm_name"),
      ...named("aws_s3_bucket", "bucket"),
      ...named("aws_dynamodb_table", "name"),
      ...named("aws_sns_topic", "name"),
      ...named("aws_apigatewayv2_api", "name"),
    ];
    for (const own of names) assert.ok(own.startsWith(`leadwire-${environment}-`), own);
  }
});
resources("email is delivered by TLS or not at all, and notify sends none without the set that says so", () => {
  for (const stack of [plain, unusual, ...shipped.map(([, one]) => one)]) {
    const sets = stack
      .all("aws_sesv2_configuration_set")
      .map(([name, { delivery_options }]) => [name, delivery_options]);
    assert.equal(sets, [["email", { tls_policy: "REQUIRE" }]]);
    const { variables } = stack.resource("aws_lambda_function.notify").environment as { variables: Block };
    assert.is(variables.EMAIL_CONFIGURATION_SET, ref("aws_sesv2_configuration_set.email.configuration_set_name"));
  }
});
resources("no suppression is set for the whole account, and Terraform forgets the setting without a change", () => {
  for (const [, stack] of shipped) {
    assert.not.ok(stack.addresses.some((address) => /_account_/.test(address)));
    assert.equal((stack.file as unknown as Block).removed, {
      from: "aws_sesv2_account_suppression_attributes.email",
      lifecycle: { destroy: false },
    });
  }
});
resources.run();
