import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fixedCost, monthly } from "../../cost/fixed.ts";
import { leadCost } from "../../cost/per-lead.ts";
import { Metric } from "../../functions/runtime/names.ts";
import { shippedStacks, synthesizedStack } from "../helpers/synth.ts";

type Resources = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
/** Count and dollars of each line of a stack with the given resources. */
const costs = (resources: Resources) => {
  const resource = Object.fromEntries(Object.entries(resources).map(([type, all]) => [type, { ...all }]));
  return fixedCost({ resource: resource as never }).map(({ what, count, dollars }) => [what, count, dollars]);
};
const metric = (namespace: string, metric_name: string, dimensions = {}) => ({ namespace, metric_name, dimensions });
const alarm = (period = 60) => ({ ...metric("AWS/SQS", "Depth"), period });
const dashboard = (...metrics: unknown[][]) => ({
  dashboard_body: JSON.stringify({ widgets: [{ properties: { alarms: [] } }, { properties: { metrics } }] }),
});

const withLeads = "custom metrics, if leads come and something fails in every hour";

const fixed = suite("cost :: fixed");

fixed("counts alarms by the metrics that they watch, and those with short periods for more", () => {
  const calculated = { metric_query: [{ metric: [alarm()] }, { metric: alarm() }, { expression: "a / b" }] };
  assert.equal(costs({ aws_cloudwatch_metric_alarm: [alarm(), calculated, alarm(10)] }), [
    ["metrics that alarms watch", 3, 3 * 0.1],
    ["metrics that alarms watch in periods below a minute", 1, 0.3],
  ]);
});

fixed("counts a custom metric once for each set of dimensions, wherever it is shown, and none of AWS's", () => {
  const own = metric("Leadwire", "A", { service: "x", environment: "dev" });
  const shown = dashboard(
    ["Leadwire", "A", "environment", "dev", "service", "x", { label: "same" }],
    ["Leadwire", "A", "environment", "dev", "service", "y"],
    ["AWS/SQS", "Depth", "QueueName", "q"],
  );
  const found = costs({ aws_cloudwatch_metric_alarm: [own, alarm()], aws_cloudwatch_dashboard: [shown] });
  assert.equal(found.slice(1), [
    ["dashboards", 1, 3],
    [withLeads, 2, 0.6],
  ]);
});

fixed("counts metrics that a schedule writes in every month, and others only in a month with leads", () => {
  const of = (service: string) => metric("Leadwire", "A", { service, environment: "dev" });
  const resource = { aws_cloudwatch_metric_alarm: { a: of("reconcile"), b: of("enrich"), c: of("notify") } };
  const lines = fixedCost({ resource });
  assert.equal(
    lines.slice(1).map(({ what, count, withLeads }) => [what, count, withLeads]),
    [
      ["custom metrics that are written by a schedule", 1, false],
      [withLeads, 2, true],
    ],
  );
  const nothing = leadCost({ leads: 1, calls: new Map(), invocations: 0, gbSeconds: 0, logBytes: 0 });
  const ofMonth = (leads: number) => Math.round(monthly(lines, nothing, leads).CloudWatch * 100) / 100;
  assert.equal([ofMonth(0), ofMonth(1)], [0.6, 1.2]);
});

fixed("is below $10 in a month without leads, in every environment", async () => {
  for (const [name, stack] of await shippedStacks()) {
    const idle = fixedCost(stack.file).filter((line) => !line.withLeads);
    const dollars = idle.reduce((all, line) => all + line.dollars, 0);
    assert.ok(dollars > 5 && dollars < 10, `${name}: ${dollars}`);
  }
});

fixed("counts composite alarms, own keys, secrets, and the pollers of each event source mapping", () => {
  const resources = {
    aws_cloudwatch_composite_alarm: [{}],
    aws_lambda_event_source_mapping: [{}, {}],
    aws_kms_key: [{}],
    aws_secretsmanager_secret: [{}],
  };
  assert.equal(costs(resources), [
    ["composite alarms", 1, 0.5],
    ["requests of pollers that wait for messages", 1_314_000, 0.5256],
    ["own keys", 1, 1],
    ["secrets", 1, 0.4],
  ]);
});

fixed(
  "is nothing for a stack that has nothing with a price, such as those for Terraform's state and workflows",
  async () => {
    assert.equal(costs({ aws_sqs_queue: [{}], aws_ssm_parameter: [{}] }), []);
    assert.equal(fixedCost({}), []);
    for (const name of ["leadwire-state", "leadwire-ci"] as const) {
      assert.equal(fixedCost((await synthesizedStack(name)).file), [], name);
    }
  },
);

/** What each function can write, a metric of a channel once for each channel. */
const { leadsRejected, leadsRetried, leadsPostponed, personNeeded, outcomesNotWritten, oldestFirstAttempt } = Metric;
const ofWorkers = [
  ...[leadsRejected, leadsRetried, leadsPostponed, personNeeded],
  ...[outcomesNotWritten, oldestFirstAttempt],
];
const ofChannels = [Metric.leadsNotified, Metric.ingestToNotification];
const written = [
  ...[Metric.leadsIngested, Metric.eventsIgnored, Metric.signaturesRefused],
  ...[Metric.leadsEnriched, Metric.eventsIgnored, ...ofWorkers],
  ...[...ofWorkers, ...ofChannels, ...ofChannels, "SlackFailures", "EmailFailures"],
];

const scheduled: readonly string[] = [Metric.unannouncedLeads, Metric.unenrichedLeads];

fixed("counts every custom metric that the functions can write", async () => {
  const { namespace, channelDimension, environmentDimension, ...metrics } = Metric;
  assert.equal(
    Object.values(metrics).filter((name) => ![...written, ...scheduled].includes(name)),
    [],
  );
  const { file } = await synthesizedStack("leadwire-dev");
  // One more is counted in the access log.
  assert.is(fixedCost(file).find(({ what }) => what === withLeads)?.count, written.length + 1);
  assert.is(fixedCost(file).find(({ what }) => what.endsWith("by a schedule"))?.count, scheduled.length);
});

fixed("counts every alarm and mapping of the shipped stacks", async () => {
  for (const [name, stack] of await shippedStacks()) {
    const found = new Map(fixedCost(stack.file).map(({ what, count }) => [what, count]));
    assert.is(found.get("metrics that alarms watch"), stack.all("aws_cloudwatch_metric_alarm").length, name);
    assert.is(found.get("dashboards"), 1);
    const mappings = stack.all("aws_lambda_event_source_mapping").length;
    assert.is(found.get("requests of pollers that wait for messages"), mappings * 657_000);
  }
});

fixed("adds up with the leads of a month, by service", () => {
  const perLead = leadCost({ leads: 1, calls: new Map(), invocations: 0, gbSeconds: 0, logBytes: 500 });
  const dollars = monthly(fixedCost({ resource: { aws_kms_key: { a: {}, b: {} } } }), perLead, 1e6);
  assert.equal(
    Object.entries(dollars)
      .filter(([, value]) => value > 0)
      .map(([service, value]) => [service, Math.round(value * 1e6) / 1e6]),
    [
      ["API Gateway", 1],
      ["KMS", 2],
      ["CloudWatch Logs", 0.25],
    ],
  );
});

fixed.run();
