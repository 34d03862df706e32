import type { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import type { Construct } from "constructs";
import { Metric } from "../functions/runtime/names.ts";
import type { BundledFunction } from "../modules/bundled-function.ts";
import { configurationSetDimension } from "../modules/email-configuration-set.ts";
import { MetricAlarm, type MetricSource } from "../modules/metric-alarm.ts";
import type { Alarm, Watched } from "./alarms.ts";

/** What alarms watch. Names are without the stack's prefix. */
interface AlarmTargets {
  /** Queues by name, dead letter queues included, each with the construct that holds it. */
  readonly queues: Readonly<Record<string, Construct & { readonly queue: SqsQueue }>>;
  readonly functions: Readonly<Record<string, BundledFunction>>;
  readonly endpoint: Construct & { readonly api: Apigatewayv2Api };
  /** Name of the configuration set in SES. */
  readonly configurationSet: string;
}

export interface AlarmResourcesProps {
  /** Start of every name, such as `leadwire-dev`. */
  readonly prefix: string;
  readonly environmentName: string;
  readonly latencyBudgetSeconds: number;
  readonly topicArn: string;
  readonly targets: AlarmTargets;
}

/** Creates the alarms of a table, and returns them in its order. */
export function alarmResources(
  stack: Construct,
  alarms: readonly Alarm[],
  props: AlarmResourcesProps,
): CloudwatchMetricAlarm[] {
  const { prefix, environmentName, latencyBudgetSeconds, topicArn, targets } = props;
  return alarms.map(({ name, watched, threshold, evaluationMinutes, meaning, firstStep }) => {
    const { scope, id = name, source } = place(stack, name, watched, targets, environmentName);
    return new MetricAlarm(scope, id, {
      name: `${prefix}-${name}`,
      description: `${meaning} ${firstStep}`.replaceAll(/\bENV\b/g, environmentName),
      topicArn,
      source,
      threshold: threshold === "latencyBudgetSeconds" ? latencyBudgetSeconds : threshold,
      evaluationMinutes,
    }).alarm;
  });
}

/** Where an alarm's construct is, and what it watches. Alarms of a queue, a function or the API are inside of it. */
interface Placed {
  readonly scope: Construct;
  /** @default the alarm's name */
  readonly id?: string;
  readonly source: MetricSource;
}

function place(
  stack: Construct,
  name: string,
  watched: Watched,
  { queues, functions, endpoint, configurationSet }: AlarmTargets,
  environmentName: string,
): Placed {
  const { metric } = watched;
  switch (watched.of) {
    case "queue": {
      const scope = existing(queues, watched.queue, name);
      const dimensions = { QueueName: scope.queue.name };
      const source = { namespace: "AWS/SQS", metric, dimensions, statistic: "Maximum" } as const;
      return { scope, id: name.replace(`${watched.queue}-`, ""), source };
    }
    case "function": {
      const scope = existing(functions, watched.function, name);
      const dimensions = { FunctionName: scope.lambda.functionName };
      const source = { namespace: "AWS/Lambda", metric, dimensions, statistic: "Sum" } as const;
      return { scope, id: name.replace(`${watched.function}-`, ""), source };
    }
    case "api": {
      const dimensions = { ApiId: endpoint.api.id };
      const source = { namespace: "AWS/ApiGateway", metric, dimensions, statistic: "Sum" } as const;
      return { scope: endpoint, id: name.replace("api-", ""), source };
    }
    case "leadwire": {
      const dimensions = { service: watched.service, [Metric.environmentDimension]: environmentName };
      return { scope: stack, source: { namespace: Metric.namespace, metric, dimensions, statistic: "Sum" } };
    }
    case "ses": {
      const dimensions = { [configurationSetDimension]: configurationSet };
      return { scope: stack, source: { namespace: "AWS/SES", metric, dimensions, statistic: "Sum" } };
    }
  }
}

function existing<T>(targets: Readonly<Record<string, T>>, target: string, alarm: string): T {
  const found = targets[target];
  if (found === undefined) throw new Error(`The alarm ${alarm} watches ${target}, which the stack does not have.`);
  return found;
}
