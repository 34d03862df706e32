import { suite } from "uvu";
import * as assert from "uvu/assert";
import { channelsOf } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { alarmsOf } from "../../stacks/alarms.ts";
import { ref, synthesizedStack } from "../helpers/synth.ts";

const dev = await synthesizedStack("leadwire-dev");
const prod = await synthesizedStack("leadwire-prod");
const topic = ref("aws_sns_topic.alarms.arn");

const visible = "ApproximateNumberOfMessagesVisible";
const age = "ApproximateAgeOfOldestMessage";
const queue = (name: string) => ({ QueueName: ref(`aws_sqs_queue.${name}.name`) });
const lambda = (name: string) => ({ FunctionName: ref(`aws_lambda_function.${name}.function_name`) });
const own = (service: string) => ({ service, environment: "dev" });
const ses = { "ses:configuration-set": ref("aws_sesv2_configuration_set.email.configuration_set_name") };

/** The tests of the channels hold what these are. */
const channels = channelsOf(environments.dev);
const channelAlarms = channels.flatMap((declaration) => declaration.alarms);
const table = alarmsOf(channels);

type Expected = readonly [
  namespace: string,
  metric: string,
  dimensions: object,
  statistic: string,
  threshold: number,
  minutes: number,
];
/** What each alarm of dev watches, and for how many minutes it stays on after the last one above its threshold. */
const expected: Readonly<Record<string, Expected>> = {
  "leads-dlq-depth": ["AWS/SQS", visible, queue("leads_dlq"), "Maximum", 2, 1],
  "leads-age": ["AWS/SQS", age, queue("leads"), "Maximum", 60, 1],
  "notifications-dlq-depth": ["AWS/SQS", visible, queue("notifications_dlq"), "Maximum", 2, 1],
  "notifications-age": ["AWS/SQS", age, queue("notifications"), "Maximum", 60, 1],
  "events-dlq-depth": ["AWS/SQS", visible, queue("events_dlq"), "Maximum", 0, 1],
  "ingest-errors": ["AWS/Lambda", "Errors", lambda("ingest"), "Sum", 0, 5],
  "ingest-throttles": ["AWS/Lambda", "Throttles", lambda("ingest"), "Sum", 0, 5],
  "enrich-errors": ["AWS/Lambda", "Errors", lambda("enrich"), "Sum", 0, 5],
  "enrich-throttles": ["AWS/Lambda", "Throttles", lambda("enrich"), "Sum", 0, 5],
  "notify-errors": ["AWS/Lambda", "Errors", lambda("notify"), "Sum", 0, 5],
  "notify-throttles": ["AWS/Lambda", "Throttles", lambda("notify"), "Sum", 0, 5],
  "api-server-errors": ["AWS/ApiGateway", "5xx", { ApiId: ref("aws_apigatewayv2_api.api.id") }, "Sum", 0, 5],
  ...Object.fromEntries(
    channelAlarms.map(({ name, metric, countedBy, evaluationMinutes }) => [
      name,
      countedBy === "ses"
        ? (["AWS/SES", metric, ses, "Sum", 0, evaluationMinutes] as const)
        : (["Leadwire", metric, own(countedBy), "Sum", 0, evaluationMinutes] as const),
    ]),
  ),
  "enrich-retries": ["Leadwire", "LeadsRetried", own("enrich"), "Sum", 0, 5],
  "notify-retries": ["Leadwire", "LeadsRetried", own("notify"), "Sum", 0, 5],
};
const address = (name: string) => `aws_cloudwatch_metric_alarm.${name.replaceAll("-", "_")}`;

const alarms = suite("stacks :: alarms");
for (const [name, [namespace, metric, dimensions, statistic, threshold, minutes]] of Object.entries(expected)) {
  alarms(`${name} fires above ${threshold} ${metric} in a minute, and says so and when it is over`, () => {
    const { alarm_description: _, ...settings } = dev.settings(address(name));
    assert.equal(settings, {
      alarm_name: `leadwire-dev-${name}`,
      namespace,
      metric_name: metric,
      dimensions,
      statistic,
      period: 60,
      comparison_operator: "GreaterThanThreshold",
      threshold,
      evaluation_periods: minutes,
      datapoints_to_alarm: 1,
      treat_missing_data: "notBreaching",
      alarm_actions: [topic],
      ok_actions: [topic],
    });
  });
}
alarms("of the stack are those of the table", () => {
  const names = (stack: typeof dev, environment: string) =>
    stack
      .all("aws_cloudwatch_metric_alarm")
      .map(([, block]) => String(block.alarm_name).replace(environment, ""))
      .sort();
  const inTable = table.map(({ name }) => name).sort();
  assert.equal(inTable, Object.keys(expected).sort());
  assert.equal(names(dev, "leadwire-dev-"), inTable);
  assert.equal(names(prod, "leadwire-prod-"), inTable);
});
alarms("say what they mean and what to do first, in the words of the table and with the environment's name", () => {
  for (const { name, meaning, firstStep } of table) {
    const description = String(prod.settings(address(name)).alarm_description);
    assert.is(description, `${meaning} ${firstStep}`.replaceAll("ENV", "prod"));
    assert.match(description, /^[A-Za-z`][^|\n]{60,}\.$/);
    // CloudWatch accepts no longer one.
    assert.ok(description.length <= 1024, name);
  }
});
alarms("on ages are above the environment's latency budget", () => {
  assert.equal(
    ["leads-age", "notifications-age"].map((name) => prod.settings(address(name)).threshold),
    [30, 30],
  );
});
alarms("wake somebody when leads are lost, late or refused, and otherwise wait for working hours", () => {
  const waiting = table.filter(({ severity }) => severity === "notify").map(({ name }) => name);
  assert.equal(waiting, [
    "ingest-throttles",
    "enrich-throttles",
    "notify-throttles",
    ...channelAlarms.filter(({ severity }) => severity === "notify").map(({ name }) => name),
    "enrich-retries",
    "notify-retries",
  ]);
});
alarms("on bounces and complaints say which commands name an address and take it off the list", () => {
  for (const name of ["email-bounces", "email-complaints"]) {
    const description = String(prod.settings(address(name)).alarm_description);
    assert.match(description, "no longer sends to it");
    assert.match(description, "email status --env prod");
    assert.match(description, "email unsuppress --env prod --address ADDRESS");
  }
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
