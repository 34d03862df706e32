import { sumBy } from "es-toolkit/math";
import { dollarsFor, type Price, prices, type Service } from "./prices.ts";

type Block = Readonly<Record<string, unknown>>;

/** A synthesized stack, as cdk.tf.json has it. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

/** What a stack costs in a month, however many leads come. */
export interface FixedCost {
  readonly service: Service;
  readonly what: string;
  readonly count: number;
  readonly dollars: number;
  /** Whether it costs nothing in a month without a single lead. */
  readonly withLeads: boolean;
}

const named = ({ resource }: StackJson, type: string): readonly Block[] => Object.values(resource?.[type] ?? {});

/** The metrics of an alarm: its own, or those of its calculation. */
function metricsOf(alarm: Block): readonly Block[] {
  const queries = (alarm.metric_query ?? []) as readonly { readonly metric?: Block | readonly Block[] }[];
  const metrics = queries.flatMap(({ metric }) => metric ?? []);
  return alarm.metric_name === undefined ? metrics : [alarm, ...metrics];
}

const isQuick = (alarm: Block) => metricsOf(alarm).some(({ period }) => Number(period) < 60);

/** Namespace, name and dimensions of a metric, which are what makes it another one. */
const identity = (namespace: unknown, name: unknown, dimensions: readonly unknown[]) =>
  JSON.stringify([namespace, name, ...dimensions]);

/** Metrics on a dashboard: namespace, name, then names and values of dimensions, then how to draw it. */
function shownMetrics({ dashboard_body }: Block): readonly string[] {
  const { widgets } = JSON.parse(String(dashboard_body)) as {
    readonly widgets: readonly { readonly properties: { readonly metrics?: readonly (readonly unknown[])[] } }[];
  };
  return widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .map((line) => {
      const [namespace, name, ...dimensions] = line.filter((part) => typeof part === "string");
      const pairs = dimensions.flatMap((key, index) => (index % 2 === 0 ? [`${key}=${dimensions[index + 1]}`] : []));
      return identity(namespace, name, pairs.sort());
    });
}

/** The metrics outside AWS's own namespaces that alarms and dashboards of a stack show. */
function customMetrics(stack: StackJson): ReadonlySet<string> {
  const watched = named(stack, "aws_cloudwatch_metric_alarm")
    .flatMap(metricsOf)
    .map(({ namespace, metric_name, dimensions = {} }) => {
      const pairs = Object.entries(dimensions as Block).map(([key, value]) => `${key}=${value}`);
      return identity(namespace, metric_name, pairs.sort());
    });
  const shown = named(stack, "aws_cloudwatch_dashboard").flatMap(shownMetrics);
  return new Set([...watched, ...shown].filter((metric) => !metric.startsWith('["AWS/')));
}

/**
 * Requests with which Lambda looks into the queue of an event source mapping in a month without messages: five pollers, each of
 * which waits for 20 s. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const idlePolls = (5 * 730 * 3600) / 20;

/** A function that writes its metrics by a schedule, so that they cost something in every month. Others write theirs for leads. */
const isScheduled = (metric: string) => metric.includes("service=reconcile");
const customMetricsThat = (scheduled: boolean) => (stack: StackJson) =>
  [...customMetrics(stack)].filter((metric) => isScheduled(metric) === scheduled).length;
const withLeads = "custom metrics, if leads come and something fails in every hour";

/** Counts what has a price of its own in a month, resource by resource. */
const counts: readonly (readonly [price: Price, count: (stack: StackJson) => number])[] = [
  [prices.alarm, (stack) => sumBy(alarms(stack, false), (alarm) => metricsOf(alarm).length)],
  [prices.quickAlarm, (stack) => sumBy(alarms(stack, true), (alarm) => metricsOf(alarm).length)],
  [prices.compositeAlarm, (stack) => named(stack, "aws_cloudwatch_composite_alarm").length],
  [prices.dashboard, (stack) => named(stack, "aws_cloudwatch_dashboard").length],
  [{ ...prices.metric, what: "custom metrics that are written by a schedule" }, customMetricsThat(true)],
  [{ ...prices.metric, what: withLeads }, customMetricsThat(false)],
  [
    { ...prices.queueRequest, what: "requests of pollers that wait for messages" },
    (stack) => idlePolls * named(stack, "aws_lambda_event_source_mapping").length,
  ],
  [prices.key, (stack) => named(stack, "aws_kms_key").length],
  [prices.secret, (stack) => named(stack, "aws_secretsmanager_secret").length],
];

const alarms = (stack: StackJson, quick: boolean) =>
  named(stack, "aws_cloudwatch_metric_alarm").filter((alarm) => isQuick(alarm) === quick);

/**
 * The fixed cost of a stack in a month. It does not depend on the number of leads. CloudWatch bills a custom metric for the hours in
 * which it is written. Storage is not counted. Standard SSM parameters, queues, tables on demand, topics and functions cost
 * nothing while nobody uses them.
 * @returns a line for everything that costs something
 */
export const fixedCost = (stack: StackJson): readonly FixedCost[] =>
  counts
    .map(([price, count]) => [price, count(stack)] as const)
    .filter(([, count]) => count > 0)
    .map(([price, count]) => ({
      service: price.service,
      what: price.what,
      count,
      dollars: dollarsFor(price, count),
      withLeads: price.what === withLeads,
    }));

/**
 * Dollars a month by service.
 * @param perLead dollars for a lead, of `leadCost`
 * @param leads leads in the month
 */
export function monthly(
  fixed: readonly FixedCost[],
  perLead: Readonly<Record<Service, number>>,
  leads: number,
): Record<Service, number> {
  const ofService = (service: Service) =>
    sumBy(
      fixed.filter((one) => one.service === service && (leads > 0 || !one.withLeads)),
      ({ dollars }) => dollars,
    );
  const services = Object.keys(perLead) as Service[];
  return Object.fromEntries(
    services.map((service) => [service, ofService(service) + perLead[service] * leads]),
  ) as Record<Service, number>;
}
