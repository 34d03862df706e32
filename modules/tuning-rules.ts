import type { BrokenRule } from "./broken-rule.ts";
import type { FunctionTuning, WorkerTuning } from "./tuning.ts";

const docs = "https://docs.aws.amazon.com";
const Link = {
  functionLimits: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
  httpApiLimits: `${docs}/apigateway/latest/developerguide/http-api-quotas.html`,
  mapping: `${docs}/lambda/latest/api/API_CreateEventSourceMapping.html`,
  mappingScaling: `${docs}/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency`,
  queueForLambda: `${docs}/lambda/latest/dg/services-sqs-configure.html`,
  reservedConcurrency: `${docs}/lambda/latest/dg/configuration-concurrency.html`,
  queueAttributes: `${docs}/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html`,
  deadLetterQueues: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html`,
} as const;

/** A mapping with any window may wait this long when there is little traffic, even if its window is shorter. */
const quietWaitSeconds = 20;

/**
 * Six times the function's timeout plus the window: throttled and failed batches then have time to be tried again
 * before their messages show up for a second consumer.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig
 */
export function leastVisibilityTimeout(tuning: Pick<WorkerTuning, "timeoutSeconds" | "batchingWindowSeconds">): number {
  return 6 * tuning.timeoutSeconds + tuning.batchingWindowSeconds;
}

type Rule = Omit<BrokenRule, "path" | "value"> & { readonly holds: boolean };

/** The broken ones of the rules about one knob. */
function broken(at: string, tuning: object, knob: string, ...rules: Rule[]): BrokenRule[] {
  const value: unknown = Reflect.get(tuning, knob);
  return rules
    .filter(({ holds }) => !holds)
    .map(({ bound, reason, link }) => ({ path: `${at}.${knob}`, value, bound, reason, link }));
}

/** A whole number from one bound to the other. */
function range(value: number, least: number, most: number, unit: string, service: string, link: string): Rule {
  return {
    holds: Number.isInteger(value) && value >= least && value <= most,
    bound: `a whole number from ${least} to ${most}${unit && ` ${unit}`}`,
    reason: `${service} takes nothing else.`,
    link,
  };
}

export function functionRules(tuning: FunctionTuning, at: string, invokedBy: "http" | "queue"): BrokenRule[] {
  const { timeoutSeconds, memoryMb, reservedConcurrency } = tuning;
  return [
    ...broken(at, tuning, "timeoutSeconds", range(timeoutSeconds, 1, 900, "seconds", "Lambda", Link.functionLimits), {
      holds: invokedBy === "queue" || timeoutSeconds <= 30,
      bound: "at most 30 seconds",
      reason: "An HTTP API gives up on its function after 30 s, while the function would go on unheard.",
      link: Link.httpApiLimits,
    }),
    ...broken(at, tuning, "memoryMb", range(memoryMb, 128, 10_240, "MB", "Lambda", Link.functionLimits)),
    ...broken(at, tuning, "reservedConcurrency", {
      holds: reservedConcurrency === undefined || (Number.isInteger(reservedConcurrency) && reservedConcurrency >= 1),
      bound: "a whole number from 1",
      reason: "Reserving 0 stops the function.",
      link: Link.reservedConcurrency,
    }),
  ];
}

export function workerRules(tuning: WorkerTuning, at: string): BrokenRule[] {
  return [...functionRules(tuning, at, "queue"), ...mappingRules(tuning, at), ...queueRules(tuning, at)];
}

function mappingRules(tuning: WorkerTuning, at: string): BrokenRule[] {
  const { batchSize, batchingWindowSeconds, maximumConcurrency, reservedConcurrency } = tuning;
  return [
    ...broken(at, tuning, "batchSize", range(batchSize, 1, 10_000, "messages", "Lambda", Link.mapping), {
      holds: batchSize <= 10 || batchingWindowSeconds >= 1,
      bound: `at most 10 while batchingWindowSeconds is ${batchingWindowSeconds}`,
      reason: "Lambda takes a batch size above 10 only together with a batching window of at least 1 s.",
      link: Link.mapping,
    }),
    ...broken(
      at,
      tuning,
      "batchingWindowSeconds",
      range(batchingWindowSeconds, 0, 300, "seconds", "Lambda", Link.mapping),
    ),
    ...broken(
      at,
      tuning,
      "maximumConcurrency",
      range(maximumConcurrency, 2, 1000, "invocations", "Lambda", Link.mappingScaling),
    ),
    ...broken(at, tuning, "reservedConcurrency", {
      holds: reservedConcurrency === undefined || reservedConcurrency < 1 || reservedConcurrency >= maximumConcurrency,
      bound: `at least maximumConcurrency, ${maximumConcurrency}`,
      reason: "Below it the mapping's invocations are throttled, and each throttle uses up a receive.",
      link: Link.mappingScaling,
    }),
  ];
}

function queueRules(tuning: WorkerTuning, at: string): BrokenRule[] {
  const { visibilityTimeoutSeconds, maxReceiveCount, retentionSeconds, deadLetterRetentionSeconds } = tuning;
  const leastVisibility = leastVisibilityTimeout(tuning);
  const lastReceive = tuning.deliveryDelaySeconds + maxReceiveCount * visibilityTimeoutSeconds;
  const retention = (seconds: number) => range(seconds, 60, 1_209_600, "seconds", "SQS", Link.queueAttributes);
  return [
    ...broken(at, tuning, "maxReceiveCount", range(maxReceiveCount, 1, 1000, "receives", "SQS", Link.queueAttributes)),
    ...broken(
      at,
      tuning,
      "deliveryDelaySeconds",
      range(tuning.deliveryDelaySeconds, 0, 900, "seconds", "SQS", Link.queueAttributes),
    ),
    ...broken(
      at,
      tuning,
      "visibilityTimeoutSeconds",
      range(visibilityTimeoutSeconds, 0, 43_200, "seconds", "SQS", Link.queueAttributes),
      {
        holds: visibilityTimeoutSeconds >= leastVisibility,
        bound: `at least ${leastVisibility}, six times timeoutSeconds plus batchingWindowSeconds`,
        reason: "A message that shows up again while its batch is still being tried is processed twice.",
        link: Link.queueForLambda,
      },
    ),
    ...broken(at, tuning, "retentionSeconds", retention(retentionSeconds), {
      holds: retentionSeconds > lastReceive,
      bound: `more than ${lastReceive}, deliveryDelaySeconds plus maxReceiveCount times visibilityTimeoutSeconds`,
      reason: "SQS would delete a failing message before its last receive moves it to the dead letter queue.",
      link: Link.queueAttributes,
    }),
    ...broken(at, tuning, "deadLetterRetentionSeconds", retention(deadLetterRetentionSeconds), {
      holds: deadLetterRetentionSeconds > retentionSeconds,
      bound: `more than retentionSeconds, ${retentionSeconds}`,
      reason: "A message's age goes on counting in the dead letter queue, which could delete it on arrival.",
      link: Link.deadLetterQueues,
    }),
  ];
}

/** The longest that messages may be made to wait on their way, which the budget has to cover. */
export function latencyRules(workers: readonly WorkerTuning[], budgetSeconds: number, path: string): BrokenRule[] {
  const waits = workers.map(
    ({ batchingWindowSeconds: window, deliveryDelaySeconds: delay }) =>
      (window > 0 ? Math.max(window, quietWaitSeconds) : 0) + delay,
  );
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  if (!(total > budgetSeconds)) return [];
  return [
    {
      path,
      value: budgetSeconds,
      bound: `at least ${total}, the windows and delays of all queues (${waits.join(" + ")} s)`,
      reason: `With any batching window and little traffic Lambda may wait ${quietWaitSeconds} s, so a shorter window counts as that.`,
      link: Link.queueForLambda,
    },
  ];
}
