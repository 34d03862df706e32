import { omitBy } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { channelsOf } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { alarmsOf } from "../../stacks/alarms.ts";
import { shippedAlarms } from "../helpers/shipped-alarms.ts";
import { ref, type SynthesizedStack, shippedStacks } from "../helpers/synth.ts";
import { plain as environment, stackOf, testStacks } from "../helpers/unusual-environment.ts";

const { plain, unusual } = await testStacks();
const shipped = await shippedStacks();
const topics = { page: ref("aws_sns_topic.alarms.arn"), email: ref("aws_sns_topic.notices.arn") };

const visible = "ApproximateNumberOfMessagesVisible";
const age = "ApproximateAgeOfOldestMessage";
const queue = (name: string) => ({ QueueName: ref(`aws_sqs_queue.${name}.name`) });
const lambda = (name: string) => ({ FunctionName: ref(`aws_lambda_function.${name}.function_name`) });
const own = (service: string) => ({ service, environment: "plain" });
const rule = (name: string) => ({ RuleName: ref(`aws_cloudwatch_event_rule.${name}.name`) });
const [failed, lost] = ["FailedInvocations", "InvocationsFailedToBeSentToDlq"];
const ses = { "ses:configuration-set": ref("aws_sesv2_configuration_set.email.configuration_set_name") };

/** The tests of the channels hold what these are. */
const channels = channelsOf(environment);
const channelAlarms = channels.flatMap((declaration) => declaration.alarms);
const table = alarmsOf(channels);

type Expected = readonly [
  namespace: string,
  metric: string,
  dimensions: object,
  statistic: string,
  threshold: number,
  minutes: number,
  others?: object,
];
/** A dead letter is there in each five minutes of an hour. */
const allHour = { period: 300, evaluation_periods: 12, datapoints_to_alarm: 12 };
const anHour = { period: 3600, evaluation_periods: 1 };
const twentySixHours = { period: 3600, evaluation_periods: 26 };
const latency = (channel: string): Expected => {
  const others = { ...anHour, statistic: undefined, extended_statistic: "p99" };
  return ["Leadwire", "IngestToNotification", { ...own("notify"), channel }, "p99", 222_000, 60, others];
};
/** What each alarm of a stage watches, and for how many minutes it stays on after the last one above its threshold. */
const expected: Readonly<Record<string, Expected>> = {
  "leads-dlq-depth": ["AWS/SQS", visible, queue("leads_dlq"), "Maximum", 2, 1],
  "leads-dlq-hour": ["AWS/SQS", visible, queue("leads_dlq"), "Maximum", 0, 60, allHour],
  "notifications-dlq-hour": ["AWS/SQS", visible, queue("notifications_dlq"), "Maximum", 0, 60, allHour],
  "raw-lead-created-failed": ["AWS/Events", failed, rule("raw_lead_created"), "Sum", 0, 5],
  "raw-lead-created-lost": ["AWS/Events", lost, rule("raw_lead_created"), "Sum", 0, 5],
  "enriched-lead-created-failed": ["AWS/Events", failed, rule("enriched_lead_created"), "Sum", 0, 5],
  "enriched-lead-created-lost": ["AWS/Events", lost, rule("enriched_lead_created"), "Sum", 0, 5],
  "reconcile-announced-failed": ["AWS/Events", failed, rule("reconcile_announced"), "Sum", 0, 5],
  "reconcile-announced-lost": ["AWS/Events", lost, rule("reconcile_announced"), "Sum", 0, 5],
  "reconcile-enriched-failed": ["AWS/Events", failed, rule("reconcile_enriched"), "Sum", 0, 5],
  "reconcile-enriched-lost": ["AWS/Events", lost, rule("reconcile_enriched"), "Sum", 0, 5],
  "signatures-refused": ["Leadwire", "SignaturesRefused", own("ingest"), "Sum", 0, 60],
  "api-throttled": ["leadwire-plain-api", "ThrottledRequests", {}, "Sum", 0, 60],
  "slack-latency": latency("slack"),
  "email-latency": latency("email"),
  "enrich-rejections": ["Leadwire", "LeadsRejected", own("enrich"), "Sum", 0, 60],
  "notify-rejections": ["Leadwire", "LeadsRejected", own("notify"), "Sum", 0, 60],
  "leads-age": ["AWS/SQS", age, queue("leads"), "Maximum", 222, 1],
  "notifications-dlq-depth": ["AWS/SQS", visible, queue("notifications_dlq"), "Maximum", 2, 1],
  "notifications-age": ["AWS/SQS", age, queue("notifications"), "Maximum", 222, 1],
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
  "enrich-postponed": ["Leadwire", "LeadsPostponed", own("enrich"), "Sum", 0, 20],
  "enrich-long-outage": ["Leadwire", "OldestFirstAttempt", own("enrich"), "Maximum", 3600, 20],
  "enrich-person-needed": ["Leadwire", "PersonNeeded", own("enrich"), "Sum", 0, 20],
  "notify-retries": ["Leadwire", "LeadsRetried", own("notify"), "Sum", 0, 5],
  "notify-postponed": ["Leadwire", "LeadsPostponed", own("notify"), "Sum", 0, 20],
  "notify-long-outage": ["Leadwire", "OldestFirstAttempt", own("notify"), "Maximum", 3600, 20],
  "notify-person-needed": ["Leadwire", "PersonNeeded", own("notify"), "Sum", 0, 20],
  "reconcile-errors": ["AWS/Lambda", "Errors", lambda("reconcile"), "Sum", 0, 5],
  // They stay on beyond the next comparison, after an hour or a day.
  "unannounced-leads": ["Leadwire", "UnannouncedLeads", own("reconcile"), "Maximum", 0, 80],
  "unenriched-leads": ["Leadwire", "UnenrichedLeads", own("reconcile"), "Maximum", 0, 26 * 60, twentySixHours],
};
const address = (name: string) => `aws_cloudwatch_metric_alarm.${name.replaceAll("-", "_")}`;

const alarms = suite("stacks :: alarms");
for (const [name, [namespace, metric, dimensions, statistic, threshold, minutes, others]] of Object.entries(expected)) {
  alarms(`${name} fires above ${threshold} ${metric} in a period, and says so and when it is over`, () => {
    const { alarm_description: _, ...settings } = plain.settings(address(name));
    const topic = topics[table.find((alarm) => alarm.name === name)?.severity ?? "page"];
    const all = {
      alarm_name: `leadwire-plain-${name}`,
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
      ...others,
    };
    assert.equal(
      settings,
      omitBy(all, (value) => value === undefined),
    );
  });
}
alarms("of the stack are those of the table", () => {
  const names = (stack: SynthesizedStack, environment: string) =>
    stack
      .all("aws_cloudwatch_metric_alarm")
      .map(([, block]) => String(block.alarm_name).replace(`leadwire-${environment}-`, ""))
      .sort();
  const inTable = table.map(({ name }) => name).sort();
  assert.equal(inTable, Object.keys(expected).sort());
  assert.equal(names(plain, "plain"), inTable);
  assert.equal(names(unusual, "unusual"), ["no-leads", ...inTable].toSorted());
  for (const [name, stack] of shipped) {
    const all = shippedAlarms(name).map((alarm) => alarm.name);
    assert.equal(names(stack, name), all.sort());
  }
});
alarms("say what they mean and what to do first, in the words of the table and with the environment's name", () => {
  for (const [environmentName, stack] of shipped) {
    for (const { name, meaning, firstStep } of shippedAlarms(environmentName)) {
      const description = String(stack.settings(address(name)).alarm_description);
      assert.is(description, `${meaning} ${firstStep}`.replaceAll("ENV", environmentName));
      assert.match(description, /^[A-Za-z`][^|\n]{60,}\.$/);
      // CloudWatch accepts no longer one.
      assert.ok(description.length <= 1024, name);
    }
  }
});
alarms("on ages are above the environment's latency budget", () => {
  for (const [name, stack] of shipped) {
    const ages = stack.all("aws_cloudwatch_metric_alarm").filter(([, { metric_name }]) => metric_name === age);
    const { latencyBudgetSeconds } = environments[name];
    assert.ok(ages.length >= 2);
    for (const [alarm, { threshold }] of ages) assert.is(threshold, latencyBudgetSeconds, alarm);
  }
});
alarms("wake somebody when leads are lost, late or refused, and otherwise wait for working hours", () => {
  const waiting = table.filter(({ severity }) => severity === "email").map(({ name }) => name);
  assert.equal(waiting, [
    "leads-dlq-hour",
    "notifications-dlq-hour",
    "ingest-throttles",
    "enrich-throttles",
    "notify-throttles",
    "signatures-refused",
    "api-throttled",
    "reconcile-errors",
    "reconcile-announced-failed",
    "reconcile-announced-lost",
    "reconcile-enriched-failed",
    "reconcile-enriched-lost",
    "unenriched-leads",
    "slack-latency",
    "email-latency",
    ...channelAlarms.filter(({ severity }) => severity === "email").map(({ name }) => name),
    "enrich-rejections",
    "enrich-retries",
    "enrich-postponed",
    "notify-rejections",
    "notify-retries",
    "notify-postponed",
  ]);
});
alarms(
  "without leads fire when every hour of the environment's hours is without one, and exist only if it sets them",
  () => {
    const { alarm_description: _, ...settings } = unusual.settings(address("no-leads"));
    assert.equal(settings, {
      alarm_name: "leadwire-unusual-no-leads",
      namespace: "Leadwire",
      metric_name: "LeadsEnriched",
      dimensions: { service: "enrich", environment: "unusual" },
      statistic: "Sum",
      period: 3600,
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      evaluation_periods: 66,
      datapoints_to_alarm: 66,
      treat_missing_data: "breaching",
      alarm_actions: [topics.email],
      ok_actions: [topics.email],
    });
    assert.is(plain.file.resource.aws_cloudwatch_metric_alarm?.no_leads, undefined);
  },
);
alarms("watch every event rule: what it gave up, and what was lost", () => {
  for (const stack of [plain, unusual, ...shipped.map(([, stack]) => stack)]) {
    const watched = stack.all("aws_cloudwatch_metric_alarm").map(([, alarm]) => {
      const { RuleName } = alarm.dimensions as Readonly<Record<string, string>>;
      return `${RuleName} ${alarm.metric_name}`;
    });
    const rules = stack.all("aws_cloudwatch_event_rule").map(([name]) => ref(`aws_cloudwatch_event_rule.${name}.name`));
    assert.ok(rules.length >= 2);
    for (const name of rules)
      for (const metric of [failed, lost]) assert.ok(watched.includes(`${name} ${metric}`), name);
  }
});
alarms("on dead letters and undelivered events say that SQS can report them late", () => {
  for (const name of ["leads-dlq-depth", "leads-dlq-hour", "events-dlq-depth"]) {
    assert.match(String(plain.settings(address(name)).alarm_description), "SQS can report it 15 minutes late.");
  }
});
alarms("on long outages ring after an hour, or after half of the time for which leads are tried", () => {
  for (const [giveUpAfterHours, seconds] of [
    [1, 1800],
    [2, 3600],
    [240, 3600],
  ] as const) {
    const stack = stackOf({ ...environment, giveUpAfterHours });
    for (const worker of ["enrich", "notify"]) {
      assert.is(stack.settings(address(`${worker}-long-outage`)).threshold, seconds);
    }
  }
});
alarms("on postponed leads stay on between two attempts, which are 15 minutes apart at most", () => {
  const postponed = table.filter(({ name }) => /-(postponed|long-outage|person-needed)$/.test(name));
  assert.is(postponed.length, 6);
  for (const { name, evaluationMinutes } of postponed) assert.ok(evaluationMinutes > 15, name);
});
alarms("on what only a person can end say what to do for each cause", () => {
  const description = String(plain.settings(address("notify-person-needed")).alarm_description);
  for (const cause of [
    "AccessDenied: ",
    "SecretMissing: ",
    "no_service, ",
    "SendingPausedException, ",
    "RecipientsSuppressedError: ",
  ]) {
    assert.match(description, cause);
  }
  assert.match(description, "`npm run ops -- email status --env plain`");
  assert.match(String(plain.settings(address("enrich-person-needed")).alarm_description), "AccessRefused: ");
});
alarms("on bounces and complaints say which commands name an address and take it off the list", () => {
  for (const name of ["email-bounces", "email-complaints"]) {
    const description = String(plain.settings(address(name)).alarm_description);
    assert.match(description, "no longer sends to it");
    assert.match(description, "email status --env plain");
    assert.match(description, "email unsuppress --env plain --address ADDRESS");
  }
});
alarms("go to the environment's addresses, and to PagerDuty if it says so", () => {
  const subscriptions = (stack: SynthesizedStack) =>
    stack.all("aws_sns_topic_subscription").map(([, { protocol, endpoint }]) => [protocol, endpoint]);
  const pagerDuty = ["https", ref("data.aws_ssm_parameter.alarms_pagerduty_url.value")];
  // Each of the two topics has every address.
  const byEmail = (addresses: readonly string[]) => [...addresses, ...addresses].map((address) => ["email", address]);
  assert.equal(subscriptions(plain), byEmail(["one-alarm@example.net"]));
  assert.equal(
    plain.all("aws_sns_topic").map(([name, block]) => [name, block.name]),
    ["alarms", "notices"].map((name) => [name, `leadwire-plain-${name}`]),
  );
  for (const [name, stack] of shipped) {
    const { alarmEmails, pagerDuty: pages } = environments[name];
    const expected = [...(pages ? [pagerDuty] : []), ...byEmail(alarmEmails)];
    assert.equal(subscriptions(stack).toSorted(), expected.toSorted());
  }
  const parameter = unusual.file.data?.aws_ssm_parameter?.alarms_pagerduty_url;
  assert.is(parameter?.name, "/leadwire/unusual/pagerduty/integration-url");
});
alarms.run();
