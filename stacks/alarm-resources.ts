import type { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { settingDefaults } from "../environments/schema/environment.ts";
import { Metric } from "../functions/runtime/names.ts";
import type { BundledFunction } from "../modules/bundled-function.ts";
import type { DeadLetterQueue } from "../modules/dead-letter-queue.ts";
import { configurationSetDimension } from "../modules/email-configuration-set.ts";
import type { HttpEndpoint } from "../modules/http-endpoint.ts";
import { MetricAlarm } from "../modules/metric-alarm.ts";
import type { WorkQueue } from "../modules/work-queue.ts";
import type { Alarm } from "./alarm-kinds.ts";
import type { Pipeline } from "./stages/stage.ts";

/** What alarms and the dashboard watch. Names are without the stack's prefix, in the order of the flow. */
export interface Observed {
  readonly functions: Readonly<Record<string, BundledFunction>>;
  /** Queues that functions work on. */
  readonly queues: Readonly<Record<string, WorkQueue>>;
  /** Queues of dead letters and of undelivered events. */
  readonly deadLetters: Readonly<Record<string, DeadLetterQueue>>;
  /** Rules whose undelivered events are kept. */
  readonly rules: Readonly<Record<string, CloudwatchEventRule>>;
  readonly endpoint: HttpEndpoint;
  /** Name of the configuration set in SES. */
  readonly configurationSet: string;
}

/** Creates the alarms of a table, which tell the topic of their severity, and returns them in the table's order. */
export function alarmResources(
  stack: Construct,
  { prefix, environmentName, environment }: Pipeline,
  alarms: readonly Alarm[],
  topicArns: Readonly<Record<Alarm["severity"], string>>,
  observed: Observed,
): CloudwatchMetricAlarm[] {
  return alarms.map(({ name, watched, threshold, severity, meaning, firstStep, ...times }) => {
    const { scope = stack, namespace, dimensions } = metricSource(name, watched, observed, environmentName);
    return new MetricAlarm(scope, scope === stack ? name : name.replace(`${watched.part}-`, ""), {
      alarmName: `${prefix}-${name}`,
      alarmDescription: `${meaning} ${firstStep}`.replaceAll(/\bENV\b/g, environmentName),
      topicArn: topicArns[severity],
      namespace,
      metricName: watched.metric,
      dimensions: { ...dimensions },
      statistic: statisticOf(watched),
      threshold: typeof threshold === "number" ? threshold : thresholds[threshold](environment),
      ...times,
    }).alarm;
  });
}

const statisticOf = (watched: Alarm["watched"]) => {
  if (watched.of === "queue") return "Maximum";
  return (watched.of === "leadwire" && watched.statistic) || "Sum";
};

/** Thresholds that depend on the environment. */
const thresholds = {
  latencyBudgetSeconds: ({ latencyBudgetSeconds }: Environment) => latencyBudgetSeconds,
  latencyBudgetMilliseconds: ({ latencyBudgetSeconds }: Environment) => latencyBudgetSeconds * 1000,
  // Most outages are over within an hour. Where leads are given up early, somebody has half of the time left to act.
  longOutageSeconds: ({ giveUpAfterHours = settingDefaults.giveUpAfterHours }: Environment) =>
    Math.min(3600, (giveUpAfterHours * 3600) / 2),
} as const satisfies Record<Exclude<Alarm["threshold"], number>, (environment: Environment) => number>;

/** Where a metric is in CloudWatch, and the construct that holds its alarm. */
interface WatchedMetric {
  /** @default the stack */
  readonly scope?: Construct;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

function metricSource(
  alarm: string,
  watched: Alarm["watched"],
  { functions, queues, deadLetters, rules, endpoint, configurationSet }: Observed,
  environmentName: string,
): WatchedMetric {
  const { of, part } = watched;
  switch (of) {
    case "queue": {
      const scope = existing({ ...queues, ...deadLetters }, part, alarm);
      return { scope, namespace: "AWS/SQS", dimensions: { QueueName: scope.queue.name } };
    }
    case "function": {
      const scope = existing(functions, part, alarm);
      return { scope, namespace: "AWS/Lambda", dimensions: { FunctionName: scope.lambda.functionName } };
    }
    case "rule": {
      const rule = existing(rules, part, alarm);
      return { scope: rule.node.scope ?? rule, namespace: "AWS/Events", dimensions: { RuleName: rule.name } };
    }
    case "access-log":
      return { scope: endpoint, namespace: String(endpoint.api.nameInput), dimensions: {} };
    case "api":
      return { scope: endpoint, namespace: "AWS/ApiGateway", dimensions: { ApiId: endpoint.api.id } };
    case "leadwire": {
      const ofChannel = watched.channel && { [Metric.channelDimension]: watched.channel };
      const dimensions = { service: part, [Metric.environmentDimension]: environmentName, ...ofChannel };
      return { namespace: Metric.namespace, dimensions };
    }
    case "ses":
      return { namespace: "AWS/SES", dimensions: { [configurationSetDimension]: configurationSet } };
  }
}

function existing<T>(parts: Readonly<Record<string, T>>, part: string, alarm: string): T {
  const found = parts[part];
  if (found === undefined) throw new Error(`The alarm ${alarm} watches ${part}, which the stack does not have.`);
  return found;
}
