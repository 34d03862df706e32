import type { Construct } from "constructs";
import { mapKeys, mapValues } from "es-toolkit/object";
import { undeliveredEvents } from "../flow.ts";
import type { BundledFunction } from "../modules/bundled-function.ts";
import type { HttpEndpoint } from "../modules/http-endpoint.ts";
import type { WorkQueue } from "../modules/work-queue.ts";
import { alarmResources } from "./alarm-resources.ts";
import type { Alarm } from "./alarms.ts";
import { dashboard } from "./dashboard.ts";
import type { Pipeline } from "./stages/stage.ts";

/** What alarms and the dashboard are about. Names are without the stack's prefix, in the order of the flow. */
export interface Observed {
  /** ARN of the topic that alarms go to. */
  readonly topicArn: string;
  readonly alarms: readonly Alarm[];
  readonly functions: Readonly<Record<string, BundledFunction>>;
  readonly queues: Readonly<Record<string, WorkQueue>>;
  readonly endpoint: HttpEndpoint;
  /** Name of the configuration set in SES. */
  readonly configurationSet: string;
}

/** Creates the alarms and the dashboard. */
export function observe(stack: Construct, pipeline: Pipeline, observed: Observed): void {
  const { prefix, environmentName, environment, undelivered } = pipeline;
  const { topicArn, functions, queues, endpoint, configurationSet } = observed;
  const deadLetters = {
    ...mapKeys(
      mapValues(queues, (queue) => queue.deadLetters),
      (_, name) => `${name}-dlq`,
    ),
    [undeliveredEvents]: undelivered.deadLetters,
  };
  const alarms = alarmResources(stack, observed.alarms, {
    prefix,
    environmentName,
    latencyBudgetSeconds: environment.latencyBudgetSeconds,
    topicArn,
    targets: { queues: { ...queues, ...deadLetters }, functions, endpoint, configurationSet },
  });
  dashboard(stack, {
    name: prefix,
    region: environment.region,
    environmentName,
    alarms,
    api: endpoint.api,
    functions,
    queues: Object.values(queues).map(({ queue }) => queue),
    deadLetters: Object.values(deadLetters).map(({ queue }) => queue),
  });
}
