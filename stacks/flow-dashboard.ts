import type { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { TerraformStack } from "cdktf";
import { Metric } from "../functions/runtime/names.ts";
import { functionNames, type LeadFunctions } from "./lead-functions.ts";
import type { LeadQueues } from "./lead-queues.ts";

export interface FlowDashboardProps {
  readonly name: string;
  readonly region: string;
  readonly environmentName: string;
  readonly api: Apigatewayv2Api;
  readonly functions: LeadFunctions;
  readonly queues: LeadQueues;
}

/** Namespace, metric, dimensions as name and value in turn, then how to draw it. */
type Line = readonly (string | Readonly<Record<string, string>>)[];

/** The flow on one page, in its order: alarms, leads and how long they took, endpoint, functions, queues. */
export function flowDashboard(stack: TerraformStack, props: FlowDashboardProps): void {
  const { name, region } = props;
  const alarms = stack.node.findAll().filter((construct) => construct instanceof CloudwatchMetricAlarm);
  const graph = (title: string, stat: string, metrics: readonly Line[]) => ({
    type: "metric",
    properties: { title, region, view: "timeSeries", stat, period: 60, metrics },
  });
  const [leads, times] = leadLines(props);
  const graphs = [
    graph("Leads", "Sum", leads),
    graph("Milliseconds from ingest to notification", "p50", times),
    graph("Endpoint", "Sum", endpointLines(props)),
    graph("Messages waiting", "Maximum", queueLines(props, "ApproximateNumberOfMessagesVisible")),
    graph("Age of the oldest message, s", "Maximum", queueLines(props, "ApproximateAgeOfOldestMessage")),
    graph("Dead letters", "Maximum", deadLetterLines(props)),
    graph("Function errors and throttles", "Sum", [
      ...functionLines(props, "Errors"),
      ...functionLines(props, "Throttles"),
    ]),
    graph("Function duration, p99 ms", "p99", functionLines(props, "Duration")),
    graph("Functions side by side", "Maximum", functionLines(props, "ConcurrentExecutions")),
  ];
  new CloudwatchDashboard(stack, "dashboard", {
    dashboardName: name,
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

function leadLines({ environmentName }: FlowDashboardProps): [leads: Line[], times: Line[]] {
  // Powertools adds the dimension `service` in front of the functions' own.
  const line = (service: string, metric: string, ...rest: Line): Line => [
    Metric.namespace,
    metric,
    "service",
    service,
    Metric.environmentDimension,
    environmentName,
    ...rest,
  ];
  const notified = (metric: string, channel: string, ...rest: Line) =>
    line("notify", metric, Metric.channelDimension, channel, ...rest);
  const channels = ["slack", "email"];
  return [
    [
      line("ingest", Metric.leadsIngested, { label: "ingested" }),
      line("enrich", Metric.leadsEnriched, { label: "enriched" }),
      line("enrich", Metric.leadsRejected, { label: "rejected" }),
      ...channels.map((channel) => notified(Metric.leadsNotified, channel, { label: `notified by ${channel}` })),
      line("notify", Metric.slackFailures, { label: "Slack failed" }),
      ...["enrich", "notify"].map((service) => line(service, Metric.leadsRetried, { label: `${service} tries again` })),
    ],
    channels.flatMap((channel) =>
      ["p50", "p99"].map((stat) =>
        notified(Metric.ingestToNotification, channel, { stat, label: `${channel} ${stat}` }),
      ),
    ),
  ];
}

const endpointLines = ({ api }: FlowDashboardProps): Line[] =>
  ["Count", "4xx", "5xx"].map((metric) => ["AWS/ApiGateway", metric, "ApiId", api.id]);

const functionLines = ({ functions }: FlowDashboardProps, metric: string): Line[] =>
  functionNames.map((name) => [
    "AWS/Lambda",
    metric,
    "FunctionName",
    functions[name].lambda.functionName,
    { label: `${name} ${metric}` },
  ]);

const queueLines = ({ queues: { leads, notifications } }: FlowDashboardProps, metric: string): Line[] =>
  [leads, notifications].map(({ queue }) => ["AWS/SQS", metric, "QueueName", queue.name]);

const deadLetterLines = ({ queues: { leads, notifications, undelivered } }: FlowDashboardProps): Line[] =>
  [leads.deadLetters, notifications.deadLetters, undelivered.queue].map(({ name }) => [
    "AWS/SQS",
    "ApproximateNumberOfMessagesVisible",
    "QueueName",
    name,
  ]);
