import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { type Block, parsed, ref } from "../helpers/synth.ts";
import { stackOf, unusual } from "../helpers/unusual-environment.ts";

const stack = stackOf(unusual);
const { tuning } = unusual;
const variables = (name: string) =>
  (stack.settings(`aws_lambda_function.${name}`).environment as { variables: Block }).variables;
const bucket = ref("aws_s3_bucket.leads_bucket.bucket");
const sources = {
  SOURCES: JSON.stringify({ forms: "standard-webhooks", smoke: "standard-webhooks" }),
  SOURCE_PARAMETERS: "/leadwire/dev/sources",
};
const common = { LEADWIRE_ENVIRONMENT: "dev", LEADS_BUCKET: bucket };

const account = suite("environment :: account");
account("is the only one that the provider works in, in its Region", () => {
  const [provider] = stack.file.provider.aws;
  assert.equal([provider?.region, provider?.allowed_account_ids], ["eu-west-1", ["222233334444"]]);
});
account("is part of the bucket's name, and the alarms' source", () => {
  assert.is(stack.settings("aws_s3_bucket.leads_bucket").bucket, "leadwire-dev-leads-222233334444");
  const [publish] = stack.statements("aws_sns_topic_policy.alarms");
  assert.equal(publish?.Condition, { StringEquals: { "aws:SourceAccount": "222233334444" } });
});
account("holds the secrets that functions may read", () => {
  const secrets = (name: string) =>
    stack.statements(`aws_iam_role_policy.${name}`).find(({ Sid }) => Sid === "ReadSecrets" || Sid === "ReadSources")
      ?.Resource;
  const at = "arn:aws:ssm:eu-west-1:222233334444:parameter/leadwire/dev";
  assert.equal(
    secrets("ingest"),
    ["forms", "smoke"].flatMap((source) => [
      ref(`aws_ssm_parameter.sources_${source}.arn`),
      `${at}/sources/${source}/signing-secret`,
    ]),
  );
  assert.equal(secrets("notify"), [
    `${at}/slack/everybody/webhook-url`,
    `${at}/slack/dach/webhook-url`,
    `${at}/slack/big/webhook-url`,
  ]);
});
account("is where the dashboard reads metrics", () => {
  const { widgets } = parsed<{ widgets: { type: string; properties: Block }[] }>(
    stack.settings("aws_cloudwatch_dashboard.dashboard").dashboard_body,
  );
  const regions = widgets.filter(({ type }) => type === "metric").map(({ properties }) => properties.region);
  assert.equal([...new Set(regions)], ["eu-west-1"]);
});
account.run();

const tuned = suite("environment :: tuning");
for (const name of ["ingest", "enrich", "notify"] as const) {
  tuned(`${name} has its timeout, memory and reserved concurrency`, () => {
    const { timeout, memory_size, reserved_concurrent_executions } = stack.settings(`aws_lambda_function.${name}`);
    assert.equal(
      { timeoutSeconds: timeout, memoryMb: memory_size, reservedConcurrency: reserved_concurrent_executions },
      {
        timeoutSeconds: tuning[name].timeoutSeconds,
        memoryMb: tuning[name].memoryMb,
        reservedConcurrency: tuning[name].reservedConcurrency,
      },
    );
  });
}
for (const [name, queue] of [
  ["enrich", "leads"],
  ["notify", "notifications"],
] as const) {
  tuned(`${name} is fed with its batch, window and concurrency`, () => {
    const mapping = stack.settings(`aws_lambda_event_source_mapping.${name}`);
    assert.equal(
      [mapping.batch_size, mapping.maximum_batching_window_in_seconds, mapping.scaling_config],
      [
        tuning[name].batchSize,
        tuning[name].batchingWindowSeconds,
        { maximum_concurrency: tuning[name].maximumConcurrency },
      ],
    );
  });
  tuned(`${queue} has its times and receives, and its dead letter queue its retention`, () => {
    const { redrive_policy, ...settings } = stack.settings(`aws_sqs_queue.${queue}`);
    assert.equal(settings, {
      name: `leadwire-dev-${queue}`,
      delay_seconds: tuning[name].deliveryDelaySeconds,
      visibility_timeout_seconds: tuning[name].visibilityTimeoutSeconds,
      message_retention_seconds: tuning[name].retentionSeconds,
      sqs_managed_sse_enabled: true,
    });
    assert.is(parsed(redrive_policy).maxReceiveCount, tuning[name].maxReceiveCount);
    assert.is(
      stack.settings(`aws_sqs_queue.${queue}_dlq`).message_retention_seconds,
      tuning[name].deadLetterRetentionSeconds,
    );
  });
}
tuned("undelivered events are kept as long as the dead letters of enrich", () => {
  assert.equal(stack.settings("aws_sqs_queue.events_dlq"), {
    name: "leadwire-dev-events-dlq",
    message_retention_seconds: 300_002,
    sqs_managed_sse_enabled: true,
  });
});
tuned.run();

const observed = suite("environment :: logs and alarms");
observed("logs of functions and API are kept for its days", () => {
  assert.equal(
    stack.all("aws_cloudwatch_log_group").map(([name, { retention_in_days }]) => [name, retention_in_days]),
    ["api", "enrich", "ingest", "notify", "reconcile"].map((name) => [name, 120]),
  );
});
observed("functions log from its level", () => {
  for (const [, { logging_config }] of stack.all("aws_lambda_function")) {
    assert.is((logging_config as Block).application_log_level, "DEBUG");
  }
});
observed("alarms go to every address, and those that page to PagerDuty too", () => {
  const receivers = (topic: string) =>
    stack
      .all("aws_sns_topic_subscription")
      .filter(([, { topic_arn }]) => topic_arn === ref(`aws_sns_topic.${topic}.arn`))
      .map(([, { protocol, endpoint }]) => [protocol, endpoint]);
  assert.equal(receivers("alarms"), [
    ["email", "one-alarm@example.net"],
    ["https", ref("data.aws_ssm_parameter.alarms_pagerduty_url.value")],
    ["email", "two-alarm@example.net"],
  ]);
  assert.equal(receivers("notices"), [
    ["email", "one-alarm@example.net"],
    ["email", "two-alarm@example.net"],
  ]);
});
observed("alarms do not go to PagerDuty unless it says so", () => {
  const quiet = stackOf({ ...unusual, pagerDuty: false });
  assert.equal([quiet.file.data, quiet.all("aws_sns_topic_subscription").length], [undefined, 4]);
});
observed("messages that are older than its latency budget alarm", () => {
  for (const queue of ["leads", "notifications"]) {
    assert.is(stack.settings(`aws_cloudwatch_metric_alarm.${queue}_age`).threshold, 222);
  }
});
observed.run();

const stored = suite("environment :: storage and API");
stored("leads are deleted after its days", () => {
  const [expiry] = stack.settings("aws_s3_bucket_lifecycle_configuration.leads_bucket").rule as Block[];
  assert.equal(expiry?.expiration, [{ days: 99 }]);
});
stored("the ledger is protected when it says so, and only then", () => {
  assert.is(stack.settings("aws_dynamodb_table.ledger").deletion_protection_enabled, true);
  const open = stackOf({ ...unusual, deletionProtection: false });
  assert.is(open.settings("aws_dynamodb_table.ledger").deletion_protection_enabled, false);
});
stored("the API is throttled at its rate and burst", () => {
  assert.equal(stack.settings("aws_apigatewayv2_stage.api").default_route_settings, {
    throttling_rate_limit: 33,
    throttling_burst_limit: 66,
  });
});
stored.run();

const functions = suite("environment :: functions");
functions("ingest knows the sources, and stores leads of these alone", () => {
  assert.equal(variables("ingest"), { ...common, ...sources });
  const [store] = stack.statements("aws_iam_role_policy.ingest").filter(({ Sid }) => Sid === "StoreRawLeads");
  const at = ref("aws_s3_bucket.leads_bucket.arn");
  assert.equal(store?.Resource, [`${at}/forms-*`, `${at}/smoke-*`]);
});
functions("enrich knows the country of numbers without one", () => {
  assert.equal(variables("enrich"), {
    ...common,
    ...sources,
    DEAD_LETTER_QUEUE_URL: ref("aws_sqs_queue.leads_dlq.url"),
    QUEUE_URL: ref("aws_sqs_queue.leads.url"),
    GIVE_UP_AFTER_HOURS: "58",
    DEFAULT_COUNTRY: "DE",
  });
});
functions("enrich has no country when the environment has none", () => {
  const { defaultCountry: _, ...withoutCountry } = unusual;
  const { environment } = stackOf(withoutCountry).settings("aws_lambda_function.enrich");
  assert.equal(environment, {
    variables: {
      ...common,
      ...sources,
      DEAD_LETTER_QUEUE_URL: ref("aws_sqs_queue.leads_dlq.url"),
      QUEUE_URL: ref("aws_sqs_queue.leads.url"),
      GIVE_UP_AFTER_HOURS: "58",
    },
  });
});
functions("notify knows routes, channels, webhooks, recipients and sender", () => {
  const { SLACK, EMAIL_RECIPIENTS, ...rest } = variables("notify");
  assert.equal(rest, {
    ...common,
    DEAD_LETTER_QUEUE_URL: ref("aws_sqs_queue.notifications_dlq.url"),
    QUEUE_URL: ref("aws_sqs_queue.notifications.url"),
    GIVE_UP_AFTER_HOURS: "58",
    GATHER_MILLISECONDS: "444",
    SAME_PERSON_DAYS: "44",
    SAME_PERSON: "line",
    LEDGER_TABLE: ref("aws_dynamodb_table.ledger.name"),
    LEAD_RETENTION_DAYS: String(unusual.leadRetentionDays),
    EMAIL_SENDER: "robot@post.example.net",
    EMAIL_CONFIGURATION_SET: ref("aws_sesv2_configuration_set.email.configuration_set_name"),
  });
  assert.equal(parsed(SLACK), {
    ...unusual.slack,
    webhookParameters: {
      everybody: "/leadwire/dev/slack/everybody/webhook-url",
      dach: "/leadwire/dev/slack/dach/webhook-url",
      big: "/leadwire/dev/slack/big/webhook-url",
    },
  });
  assert.equal(parsed(EMAIL_RECIPIENTS), unusual.email.recipients);
});
functions("postpone for three days and gather for 150 ms when the environment says nothing else", () => {
  const { giveUpAfterHours: _, gatherMilliseconds: __, ...others } = unusual;
  const synthesized = stackOf(others);
  const { variables: enrich } = synthesized.settings("aws_lambda_function.enrich").environment as { variables: Block };
  const { variables: notify } = synthesized.settings("aws_lambda_function.notify").environment as { variables: Block };
  assert.equal(
    [enrich.GIVE_UP_AFTER_HOURS, notify.GIVE_UP_AFTER_HOURS, notify.GATHER_MILLISECONDS],
    ["72", "72", "150"],
  );
});
functions.run();

const email = suite("environment :: email");
email("in production goes out from the domain, by its sender alone", () => {
  assert.equal(
    stack.all("aws_sesv2_email_identity").map(([, { email_identity }]) => email_identity),
    ["post.example.net"],
  );
  assert.is(
    stack.settings("aws_sesv2_email_identity_mail_from_attributes.email").mail_from_domain,
    "mail.post.example.net",
  );
  assert.is(stack.settings("aws_sesv2_configuration_set.email").configuration_set_name, "leadwire-dev");
  const send = stack.statements("aws_iam_role_policy.notify").find(({ Sid }) => Sid === "SendEmail");
  assert.equal(send?.Condition, { StringEquals: { "ses:FromAddress": "robot@post.example.net" } });
  assert.equal(stack.file.output.mail_from_records?.value, [
    { name: "mail.post.example.net", type: "MX", value: "10 feedback-smtp.eu-west-1.amazonses.com" },
    { name: "mail.post.example.net", type: "TXT", value: "v=spf1 include:amazonses.com ~all" },
  ]);
});
email("in the sandbox may have its sender among its recipients", () => {
  const { email: sandbox } = environments.dev;
  const recipients = ["team@example.com", sandbox.sender];
  const stack = stackOf({ ...environments.dev, email: { ...sandbox, recipients } });
  const identities = stack.all("aws_sesv2_email_identity").map(([, { email_identity }]) => email_identity);
  assert.equal(identities.sort(), [sandbox.sender, "team@example.com"].sort());
});
email.run();
