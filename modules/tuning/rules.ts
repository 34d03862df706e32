import {
  type FunctionTuning,
  functionKnobs,
  type Knob,
  Link,
  minimumVisibilityTimeout,
  type WorkerTuning,
  workerKnobs,
} from "./knobs.ts";
import { type RuleViolation, violated } from "./rule-violation.ts";

/** With any batching window and little traffic Lambda may wait this long, even if the window is shorter. */
const quietWaitSeconds = 20;

/** Longest time in seconds that an HTTP API waits for its function. */
const httpApiTimeoutSeconds = 30;

/** The longest time in seconds for which SQS holds a message back, and a worker that postpones it. */
const longestDelaySeconds = 900;

/** The range of a knob, in words. */
export function allowedRange({ unit, minimum, maximum }: Knob): string {
  const units = unit === "s" ? "seconds" : unit;
  return maximum === undefined
    ? `a whole number of ${units} from ${minimum}`
    : `a whole number from ${minimum} to ${maximum} ${units}`;
}

/** Knobs whose value is not a whole number in their range. */
function rangeViolations(tuning: object, knobs: Readonly<Record<string, Knob>>, at: string): RuleViolation[] {
  return Object.entries(knobs).flatMap(([name, knob]) => {
    const value: unknown = Reflect.get(tuning, name);
    const { minimum, maximum = Number.POSITIVE_INFINITY, optional = false, link } = knob;
    const inRange = Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
    return violated(`${at}.${name}`, value, {
      holds: inRange || (optional && value === undefined),
      bound: allowedRange(knob),
      reason: "AWS accepts nothing else.",
      link: Link[link],
    });
  });
}

/** Rules that the tuning of a function behind an HTTP API breaks. @param at path of the tuning */
export function httpFunctionViolations(tuning: FunctionTuning, at: string): RuleViolation[] {
  return [
    ...rangeViolations(tuning, functionKnobs, at),
    ...violated(`${at}.timeoutSeconds`, tuning.timeoutSeconds, {
      holds: !(tuning.timeoutSeconds > httpApiTimeoutSeconds),
      bound: `at most ${httpApiTimeoutSeconds} seconds`,
      reason: `An HTTP API gives up after ${httpApiTimeoutSeconds} s. The function would go on, and nobody would get its answer.`,
      link: Link.httpApiLimits,
    }),
  ];
}

/** Rules that the tuning of a worker and its queue breaks. @param at path of the tuning */
export function workerViolations(tuning: WorkerTuning, at: string): RuleViolation[] {
  return [
    ...rangeViolations(tuning, workerKnobs, at),
    ...mappingViolations(tuning, at),
    ...queueViolations(tuning, at),
  ];
}

function mappingViolations(tuning: WorkerTuning, at: string): RuleViolation[] {
  const { batchSize, batchingWindowSeconds, maximumConcurrency, reservedConcurrency } = tuning;
  return [
    ...violated(`${at}.batchSize`, batchSize, {
      holds: !(batchSize > 10 && batchingWindowSeconds < 1),
      bound: `at most 10 while batchingWindowSeconds is ${batchingWindowSeconds}`,
      reason: "Lambda accepts a batch size above 10 only together with a batching window of at least 1 s.",
      link: Link.mapping,
    }),
    ...violated(`${at}.reservedConcurrency`, reservedConcurrency, {
      holds: reservedConcurrency === undefined || reservedConcurrency < 1 || reservedConcurrency >= maximumConcurrency,
      bound: `at least maximumConcurrency, ${maximumConcurrency}`,
      reason: "With less, invocations of the mapping are throttled, and each throttle uses up a receive.",
      link: Link.mappingScaling,
    }),
  ];
}

function queueViolations(tuning: WorkerTuning, at: string): RuleViolation[] {
  const { visibilityTimeoutSeconds, maxReceiveCount, retentionSeconds, deadLetterRetentionSeconds } = tuning;
  const minimumVisibility = minimumVisibilityTimeout(tuning);
  const lastReceive = longestDelaySeconds + maxReceiveCount * visibilityTimeoutSeconds;
  return [
    ...violated(`${at}.visibilityTimeoutSeconds`, visibilityTimeoutSeconds, {
      holds: !(visibilityTimeoutSeconds < minimumVisibility),
      bound: `at least ${minimumVisibility}, six times timeoutSeconds plus batchingWindowSeconds`,
      reason: "A message that becomes visible while its batch is still in work is processed twice.",
      link: Link.queueForLambda,
    }),
    ...violated(`${at}.retentionSeconds`, retentionSeconds, {
      holds: retentionSeconds > lastReceive,
      bound: `more than ${lastReceive}, ${longestDelaySeconds} plus maxReceiveCount times visibilityTimeoutSeconds`,
      reason: `A message is held back for up to ${longestDelaySeconds} s. SQS would delete it before its last receive moves it to the dead letter queue.`,
      link: Link.queueAttributes,
    }),
    ...violated(`${at}.deadLetterRetentionSeconds`, deadLetterRetentionSeconds, {
      holds: deadLetterRetentionSeconds > retentionSeconds,
      bound: `more than retentionSeconds, ${retentionSeconds}`,
      reason: "A message's age goes on counting in the dead letter queue, which could delete it on arrival.",
      link: Link.deadLetterQueues,
    }),
  ];
}

/**
 * The rule that a latency budget covers the longest time that tuning makes messages wait in all queues of a flow.
 * @param path path of the budget
 */
export function latencyViolations(
  workers: readonly WorkerTuning[],
  budgetSeconds: number,
  path: string,
): RuleViolation[] {
  const waits = workers.map(
    ({ batchingWindowSeconds: window, deliveryDelaySeconds: delay }) =>
      (window > 0 ? Math.max(window, quietWaitSeconds) : 0) + delay,
  );
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  return violated(path, budgetSeconds, {
    holds: !(total > budgetSeconds),
    bound: `at least ${total}, the windows and delays of all queues (${waits.join(" + ")} s)`,
    reason: `With any batching window and little traffic Lambda may wait ${quietWaitSeconds} s, so a shorter window counts as that.`,
    link: Link.queueForLambda,
  });
}
