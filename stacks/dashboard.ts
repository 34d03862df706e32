import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Construct } from "constructs";
import { channelsOf } from "../environments/environment.ts";
import { type StageName, stageNames, workerNames } from "../flow.ts";
import type { ChannelDeclaration } from "../functions/notify/channels/declaration.ts";
import { Metric } from "../functions/runtime/names.ts";
import type { Observed } from "./alarm-resources.ts";
import type { Pipeline } from "./stages/stage.ts";

/** Namespace, metric, dimensions as name and value in turn, then how to draw the line. */
type Line = readonly (string | Readonly<Record<string, string>>)[];

/** The flow on one page, in its order: alarms, leads and how long they took, endpoint, functions, queues. */
export function dashboard(
  scope: Construct,
  { prefix, environmentName, environment }: Pipeline,
  alarms: readonly CloudwatchMetricAlarm[],
  { functions, queues, deadLetters, endpoint }: Observed,
): void {
  const { region } = environment;
  const channels = channelsOf(environment);
  const graph = (title: string, stat: string, metrics: readonly Line[]) => ({
    type: "metric",
    properties: { title, region, view: "timeSeries", stat, period: 60, metrics },
  });
  const graphs = [
    graph("Leads", "Sum", leadLines(environmentName, channels)),
    graph("Milliseconds from ingest to notification", "p50", timeLines(environmentName, channels)),
    graph("Endpoint", "Sum", endpointLines(endpoint.api.id)),
    graph("Messages waiting", "Maximum", queueLines(queues, "ApproximateNumberOfMessagesVisible")),
    graph("Age of the oldest message, s", "Maximum", [
      ...queueLines(queues, "ApproximateAgeOfOldestMessage"),
      ...workerLines(environmentName, Metric.oldestFirstAttempt, "since its first attempt"),
    ]),
    graph("Dead letters", "Maximum", queueLines(deadLetters, "ApproximateNumberOfMessagesVisible")),
    graph("Function errors and throttles", "Sum", [
      ...functionLines(functions, "Errors"),
      ...functionLines(functions, "Throttles"),
    ]),
    graph("Function duration, p99 ms", "p99", functionLines(functions, "Duration")),
    graph("Functions side by side", "Maximum", functionLines(functions, "ConcurrentExecutions")),
  ];
  new CloudwatchDashboard(scope, "dashboard", {
    dashboardName: prefix,
    dashboardBody: JSON.stringify({
      widgets: [
        {
          type: "alarm",
          ...place(0, 0, 24, 3),
          properties: { title: "Alarms", alarms: alarms.map(({ arn }) => arn) },
        },
        ...graphs.map((widget, index) => ({
          ...widget,
          ...place((index % 3) * 8, 3 + Math.floor(index / 3) * 6, 8, 6),
        })),
      ],
    }),
  });
}

const place = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

/** A line of a metric that a function writes. Powertools puts the dimension `service` before the functions' own. */
const ownLine = (environmentName: string, service: StageName, metric: string, ...rest: Line): Line => [
  Metric.namespace,
  metric,
  "service",
  service,
  Metric.environmentDimension,
  environmentName,
  ...rest,
];

const notifiedLine = (environmentName: string, metric: string, channel: string, ...rest: Line) =>
  ownLine(environmentName, "notify", metric, Metric.channelDimension, channel, ...rest);

function leadLines(environmentName: string, channels: readonly ChannelDeclaration[]): Line[] {
  // Failures of the last channel are retries, which have lines of their own.
  const channelsWithFallback = channels.slice(0, -1);
  const byStage: Readonly<Record<StageName, Line[]>> = {
    ingest: [
      ownLine(environmentName, "ingest", Metric.leadsIngested, { label: "ingested" }),
      ownLine(environmentName, "ingest", Metric.eventsIgnored, { label: "no new leads" }),
    ],
    enrich: [
      ownLine(environmentName, "enrich", Metric.leadsEnriched, { label: "enriched" }),
      ownLine(environmentName, "enrich", Metric.eventsIgnored, { label: "enrich ignores" }),
    ],
    notify: [
      ...channels.map(({ name }) =>
        notifiedLine(environmentName, Metric.leadsNotified, name, { label: `notified by ${name}` }),
      ),
      ...channelsWithFallback.map(({ title, failureMetric }) =>
        ownLine(environmentName, "notify", failureMetric, { label: `${title} failed` }),
      ),
    ],
  };
  return [
    ...stageNames.flatMap((stage) => byStage[stage]),
    ...workerLines(environmentName, Metric.leadsRejected, "rejects"),
    ...workerLines(environmentName, Metric.leadsRetried, "tries again"),
    ...workerLines(environmentName, Metric.leadsPostponed, "postpones"),
    ...workerLines(environmentName, Metric.personNeeded, "needs a person"),
    ...workerLines(environmentName, Metric.outcomesNotWritten, "wrote no outcome of"),
  ];
}

/** A line of each worker. @param words what the line's label says after the worker's name */
const workerLines = (environmentName: string, metric: string, words: string): Line[] =>
  workerNames.map((name) => ownLine(environmentName, name, metric, { label: `${name} ${words}` }));

const timeLines = (environmentName: string, channels: readonly ChannelDeclaration[]): Line[] =>
  channels.flatMap(({ name }) =>
    ["p50", "p99"].map((stat) =>
      notifiedLine(environmentName, Metric.ingestToNotification, name, { stat, label: `${name} ${stat}` }),
    ),
  );

const endpointLines = (apiId: string): Line[] =>
  ["Count", "4xx", "5xx"].map((metric) => ["AWS/ApiGateway", metric, "ApiId", apiId]);

const functionLines = (functions: Observed["functions"], metric: string): Line[] =>
  Object.entries(functions).map(([name, { lambda }]) => [
    "AWS/Lambda",
    metric,
    "FunctionName",
    lambda.functionName,
    { label: `${name} ${metric}` },
  ]);

const queueLines = (queues: Observed["queues"] | Observed["deadLetters"], metric: string): Line[] =>
  Object.values(queues).map(({ queue }) => ["AWS/SQS", metric, "QueueName", queue.name]);
