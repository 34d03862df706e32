import { suite } from "uvu";
import * as assert from "uvu/assert";
import { channelsOf } from "../../environments/environment.ts";
import type { Alarm } from "../../stacks/alarm-kinds.ts";
import { alarmsOf } from "../../stacks/alarms.ts";
import { shippedAlarms } from "../helpers/shipped-alarms.ts";
import { parsed, ref, type SynthesizedStack, shippedStacks } from "../helpers/synth.ts";
import { plain as environment, testStacks } from "../helpers/unusual-environment.ts";

const { plain, unusual } = await testStacks();
const shipped = await shippedStacks();

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>> & { readonly title: string };
}
const widgetsOf = (stack: SynthesizedStack) =>
  parsed<{ widgets: Widget[] }>(stack.resource("aws_cloudwatch_dashboard.dashboard").dashboard_body).widgets;
const widgets = widgetsOf(plain);

/** Their own tests hold what they are called. */
const channels = channelsOf(environment);
const channelNames = channels.map(({ name }) => name);
const own = (service: string, metric: string, ...rest: unknown[]) => [
  "Leadwire",
  metric,
  "service",
  service,
  "environment",
  "plain",
  ...rest,
];
const announced = (metric: string, channel: string, drawn: object) => own("notify", metric, "channel", channel, drawn);
const ofFunctions = (metric: string) =>
  ["ingest", "enrich", "notify", "reconcile"].map((name) => [
    "AWS/Lambda",
    metric,
    "FunctionName",
    ref(`aws_lambda_function.${name}.function_name`),
    { label: `${name} ${metric}` },
  ]);
const ofQueues = (metric: string, ...names: string[]) =>
  names.map((name) => ["AWS/SQS", metric, "QueueName", ref(`aws_sqs_queue.${name}.name`)]);
const ofApi = (metric: string) => ["AWS/ApiGateway", metric, "ApiId", ref("aws_apigatewayv2_api.api.id")];
const visible = "ApproximateNumberOfMessagesVisible";

/** The statistic and the lines of each graph. */
const graphs: Readonly<Record<string, readonly [stat: string, lines: unknown[][]]>> = {
  Leads: [
    "Sum",
    [
      own("ingest", "LeadsIngested", { label: "ingested" }),
      own("ingest", "EventsIgnored", { label: "no new leads" }),
      own("enrich", "LeadsEnriched", { label: "enriched" }),
      own("enrich", "EventsIgnored", { label: "enrich ignores" }),
      ...channelNames.map((name) => announced("LeadsNotified", name, { label: `notified by ${name}` })),
      own("notify", "SlackFailures", { label: "Slack failed" }),
      own("enrich", "LeadsRejected", { label: "enrich rejects" }),
      own("notify", "LeadsRejected", { label: "notify rejects" }),
      own("enrich", "LeadsRetried", { label: "enrich tries again" }),
      own("notify", "LeadsRetried", { label: "notify tries again" }),
      own("enrich", "LeadsPostponed", { label: "enrich postpones" }),
      own("notify", "LeadsPostponed", { label: "notify postpones" }),
      own("enrich", "PersonNeeded", { label: "enrich needs a person" }),
      own("notify", "PersonNeeded", { label: "notify needs a person" }),
      own("enrich", "OutcomesNotWritten", { label: "enrich wrote no outcome of" }),
      own("notify", "OutcomesNotWritten", { label: "notify wrote no outcome of" }),
    ],
  ],
  "Milliseconds from ingest to notification": [
    "p50",
    [
      ...channelNames.flatMap((name) =>
        ["p50", "p99"].map((stat) => announced("IngestToNotification", name, { stat, label: `${name} ${stat}` })),
      ),
    ],
  ],
  Endpoint: ["Sum", [ofApi("Count"), ofApi("4xx"), ofApi("5xx")]],
  "Messages waiting": ["Maximum", ofQueues(visible, "leads", "notifications")],
  "Age of the oldest message, s": [
    "Maximum",
    [
      ...ofQueues("ApproximateAgeOfOldestMessage", "leads", "notifications"),
      own("enrich", "OldestFirstAttempt", { label: "enrich since its first attempt" }),
      own("notify", "OldestFirstAttempt", { label: "notify since its first attempt" }),
    ],
  ],
  "Dead letters": ["Maximum", ofQueues(visible, "leads_dlq", "notifications_dlq", "events_dlq")],
  "Function errors and throttles": ["Sum", [...ofFunctions("Errors"), ...ofFunctions("Throttles")]],
  "Function duration, p99 ms": ["p99", ofFunctions("Duration")],
  "Functions side by side": ["Maximum", ofFunctions("ConcurrentExecutions")],
};

const dashboard = suite("stacks :: dashboard");
dashboard("has the stack's name", () => {
  assert.is(plain.settings("aws_cloudwatch_dashboard.dashboard").dashboard_name, "leadwire-plain");
});
dashboard("shows every alarm first, in the order of the table", () => {
  const [first] = widgets;
  const shown = (all: readonly Alarm[]) => ({
    title: "Alarms",
    alarms: all.map(({ name }) => ref(`aws_cloudwatch_metric_alarm.${name.replaceAll("-", "_")}.arn`)),
  });
  assert.equal(first, { type: "alarm", x: 0, y: 0, width: 24, height: 3, properties: shown(alarmsOf(channels)) });
  for (const [name, stack] of shipped) {
    assert.equal(widgetsOf(stack)[0]?.properties, shown(shippedAlarms(name)));
  }
});
dashboard("shows the flow in its order, three graphs a row", () => {
  assert.equal(
    widgets.slice(1).map(({ type, properties, x, y, width, height }) => [type, properties.title, x, y, width, height]),
    Object.keys(graphs).map((title, index) => [
      "metric",
      title,
      [0, 8, 16][index % 3],
      [3, 9, 15][Math.floor(index / 3)],
      8,
      6,
    ]),
  );
});
for (const [title, [stat, metrics]] of Object.entries(graphs)) {
  dashboard(`"${title}" has a line for each of its metrics, minute by minute`, () => {
    assert.equal(widgets.find(({ properties }) => properties.title === title)?.properties, {
      title,
      region: "eu-west-1",
      view: "timeSeries",
      stat,
      period: 60,
      metrics,
    });
  });
}
dashboard("shows the metrics of its own environment", () => {
  const text = JSON.stringify(widgetsOf(unusual));
  assert.match(text, '"environment","unusual"');
  assert.not.match(text, '"plain"');
});
dashboard.run();
