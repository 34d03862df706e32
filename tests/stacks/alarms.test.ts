import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Block, parsed, ref, synthesizedStack } from "../helpers/synth.ts";

const dev = await synthesizedStack("leadwire-dev");
const prod = await synthesizedStack("leadwire-prod");
const topic = ref("aws_sns_topic.alarms.arn");
const all = dev.all("aws_cloudwatch_metric_alarm");

const alarms = suite("stacks :: alarms");
for (const [name, alarm] of all) {
  alarms(`${name} says both ALARM and OK, and what to do first`, () => {
    assert.equal([alarm.alarm_actions, alarm.ok_actions], [[topic], [topic]]);
    assert.match(String(alarm.alarm_description), /^[A-Za-z].{60,}\.$/);
    assert.is(alarm.treat_missing_data, "notBreaching");
    assert.is(alarm.comparison_operator, "GreaterThanThreshold");
  });
}
const watched = (name: string) => {
  const { namespace, metric_name, dimensions, statistic, threshold } = dev.resource(
    `aws_cloudwatch_metric_alarm.${name}`,
  );
  return [namespace, metric_name, Object.values(dimensions as Block).join(), statistic, threshold];
};
alarms("a dead letter queue alarms above two messages, at the third", () => {
  for (const name of ["leads_dlq", "notifications_dlq"]) {
    assert.equal(watched(`${name}_depth`), [
      "AWS/SQS",
      "ApproximateNumberOfMessagesVisible",
      ref(`aws_sqs_queue.${name}.name`),
      "Maximum",
      2,
    ]);
  }
});
alarms("a single undelivered event alarms", () => {
  assert.is(dev.resource("aws_cloudwatch_metric_alarm.events_dlq_depth").threshold, 0);
});
alarms("messages alarm when they are older than the latency budget", () => {
  for (const name of ["leads", "notifications"]) {
    assert.equal(watched(`${name}_age`), [
      "AWS/SQS",
      "ApproximateAgeOfOldestMessage",
      ref(`aws_sqs_queue.${name}.name`),
      "Maximum",
      60,
    ]);
  }
  assert.is(prod.resource("aws_cloudwatch_metric_alarm.leads_age").threshold, 30);
});
alarms("errors and throttles of every function alarm", () => {
  for (const name of ["ingest", "enrich", "notify"]) {
    const lambda = ref(`aws_lambda_function.${name}.function_name`);
    assert.equal(watched(`${name}_errors`), ["AWS/Lambda", "Errors", lambda, "Sum", 0]);
    assert.equal(watched(`${name}_throttles`), ["AWS/Lambda", "Throttles", lambda, "Sum", 0]);
  }
});
alarms("a Slack that fails alarms although email works, by the metric that notify writes", () => {
  assert.equal(watched("slack_failures"), ["Leadwire", "SlackFailures", "dev,notify", "Sum", 0]);
});
alarms("leads that neither Slack nor email took alarm at the first, by the metric that notify writes", () => {
  assert.equal(watched("email_failures"), ["Leadwire", "EmailFailures", "dev,notify", "Sum", 0]);
});
alarms("leads that are tried again alarm at once, by the metric that their function writes", () => {
  for (const name of ["enrich", "notify"]) {
    assert.equal(watched(`${name}_retries`), ["Leadwire", "LeadsRetried", `dev,${name}`, "Sum", 0]);
  }
});
alarms("server errors of the endpoint alarm", () => {
  assert.equal(watched("api_server_errors"), ["AWS/ApiGateway", "5xx", ref("aws_apigatewayv2_api.api.id"), "Sum", 0]);
});
alarms("go to the environment's addresses, and in prod to PagerDuty", () => {
  const subscriptions = (stack: typeof dev) =>
    stack.all("aws_sns_topic_subscription").map(([, { protocol, endpoint }]) => [protocol, endpoint]);
  assert.equal(subscriptions(dev), [["email", "platform-dev@example.com"]]);
  assert.equal(subscriptions(prod), [
    ["https", ref("data.aws_ssm_parameter.alarms_pagerduty_url.value")],
    ["email", "platform@example.com"],
  ]);
  assert.is(prod.file.data?.aws_ssm_parameter?.alarms_pagerduty_url?.name, "/leadwire/prod/pagerduty/integration-url");
});
alarms.run();

const dashboard = suite("stacks :: dashboard");
const { widgets } = parsed<{ widgets: { type: string; properties: Block }[] }>(
  dev.resource("aws_cloudwatch_dashboard.dashboard").dashboard_body,
);
dashboard("shows every alarm", () => {
  const shown = widgets.find(({ type }) => type === "alarm")?.properties.alarms as string[];
  const expected = all.map(([name]) => ref(`aws_cloudwatch_metric_alarm.${name}.arn`));
  assert.equal(shown.toSorted(), expected.toSorted());
});
dashboard("shows the flow in its order", () => {
  assert.equal(
    widgets.map(({ properties }) => properties.title),
    [
      "Alarms",
      "Leads",
      "Milliseconds from ingest to notification",
      "Endpoint",
      "Messages waiting",
      "Age of the oldest message, s",
      "Dead letters",
      "Function errors and throttles",
      "Function duration, p99 ms",
      "Functions side by side",
    ],
  );
});
dashboard.run();

interface EventDestination {
  readonly cloud_watch_destination: { readonly dimension_configuration: readonly Block[] };
}
const email = suite("stacks :: email");
email("bounces, complaints and rejections are counted by configuration set, and each alarms, in every mode", () => {
  for (const stack of [dev, prod]) {
    const set = ref("aws_sesv2_configuration_set.email.configuration_set_name");
    const destination = stack.resource("aws_sesv2_configuration_set_event_destination.email");
    const [dimension] = (destination.event_destination as EventDestination).cloud_watch_destination
      .dimension_configuration;
    assert.equal(
      [destination.configuration_set_name, dimension?.dimension_name, dimension?.dimension_value_source],
      [set, "ses:configuration-set", "MESSAGE_TAG"],
    );
    const { enabled, matching_event_types } = destination.event_destination as Block;
    assert.equal([enabled, matching_event_types], [true, ["BOUNCE", "COMPLAINT", "REJECT"]]);
    for (const [name, metric] of [
      ["bounces", "Bounce"],
      ["complaints", "Complaint"],
      ["rejects", "Reject"],
    ]) {
      const alarm = stack.resource(`aws_cloudwatch_metric_alarm.email_${name}`);
      assert.equal(
        [alarm.namespace, alarm.metric_name, alarm.dimensions, alarm.threshold],
        ["AWS/SES", metric, { "ses:configuration-set": set }, 0],
      );
    }
  }
});
email(
  "a bounce's alarm says that the address is not written to again, which command names it and which takes it back",
  () => {
    for (const name of ["bounces", "complaints"]) {
      const description = String(prod.resource(`aws_cloudwatch_metric_alarm.email_${name}`).alarm_description);
      assert.match(description, "no longer sends to it");
      assert.match(description, "email status --env prod");
      assert.match(description, "email unsuppress --env prod --address ADDRESS");
      // CloudWatch takes no longer one.
      assert.ok(description.length <= 1024);
    }
  },
);
email("no event is published to the topic, because it would carry the subject, which names a lead", () => {
  for (const stack of [dev, prod]) {
    for (const [, { event_destination }] of stack.all("aws_sesv2_configuration_set_event_destination")) {
      assert.not.match(JSON.stringify(event_destination), "sns");
    }
  }
});
email("goes out over TLS, signed, with its own MAIL FROM", () => {
  const set = prod.resource("aws_sesv2_configuration_set.email");
  assert.equal(set.delivery_options, { tls_policy: "REQUIRE" });
  assert.equal(set.reputation_options, { reputation_metrics_enabled: true });
  assert.equal(set.suppression_options, { suppressed_reasons: ["BOUNCE", "COMPLAINT"] });
  assert.is(prod.resource("aws_sesv2_email_identity.email").email_identity, "leads.example.com");
  assert.is(
    prod.resource("aws_sesv2_email_identity_mail_from_attributes.email").mail_from_domain,
    "mail.leads.example.com",
  );
});
email("is suppressed for whom it bounced, in every mode", () => {
  for (const stack of [dev, prod]) {
    assert.equal(stack.resource("aws_sesv2_account_suppression_attributes.email").suppressed_reasons, [
      "BOUNCE",
      "COMPLAINT",
    ]);
  }
});
email.run();
