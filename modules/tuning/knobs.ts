import { mapValues, pickBy } from "es-toolkit/object";

const docs = "https://docs.aws.amazon.com";

/** AWS pages that state the rules of tuning. */
export const Link = {
  functionLimits: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
  httpApiLimits: `${docs}/apigateway/latest/developerguide/http-api-quotas.html`,
  mapping: `${docs}/lambda/latest/api/API_CreateEventSourceMapping.html`,
  mappingScaling: `${docs}/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency`,
  queueForLambda: `${docs}/lambda/latest/dg/services-sqs-configure.html`,
  reservedConcurrency: `${docs}/lambda/latest/dg/configuration-concurrency.html`,
  queueAttributes: `${docs}/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html`,
  deadLetterQueues: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html`,
} as const;

/** A number that an environment may set: its range, default and meaning. */
export interface Knob {
  /** Unit, as tables show it. */
  readonly unit: "s" | "MB" | "messages" | "invocations" | "receives";
  /** Smallest allowed whole number. */
  readonly minimum: number;
  /** Largest allowed whole number. @default no limit of its own */
  readonly maximum?: number;
  /** Value where an environment sets none. @default the knob is unset, or is computed from other knobs */
  readonly default?: number;
  /** What the documentation says in place of a number, where there is no `default`. */
  readonly defaultText?: string;
  /** Complete tuning may leave the knob unset. @default false */
  readonly optional?: boolean;
  /** What the knob does, in a sentence. */
  readonly meaning: string;
  /** Rules beside the range, in words. */
  readonly alsoAllowed?: string;
  /** When to change it. */
  readonly changeWhen: string;
  /** The AWS page that states the range. */
  readonly link: keyof typeof Link;
}

const day = 86_400;

/** Knobs of a function. Rules between knobs are in `rules.ts`, and docs/tuning.md shows them as a table. */
export const functionKnobs = {
  timeoutSeconds: {
    unit: "s",
    minimum: 1,
    maximum: 900,
    default: 10,
    meaning: "Longest time of one invocation.",
    alsoAllowed: "behind the HTTP API at most 30; for `notify` enough for a burst, see [Channels](#channels)",
    changeWhen: "The p99 duration on the dashboard comes near it. It also sets the visibility timeout of the queue.",
    link: "functionLimits",
  },
  memoryMb: {
    unit: "MB",
    minimum: 128,
    maximum: 10_240,
    default: 512,
    meaning: "Memory. CPU grows with it: 1,769 MB are one vCPU.",
    changeWhen: "Durations are long.",
    link: "functionLimits",
  },
  reservedConcurrency: {
    unit: "invocations",
    minimum: 1,
    optional: true,
    defaultText: "none: the function shares the account's concurrency",
    meaning: "Concurrency that is kept for this function. It is also its limit.",
    alsoAllowed: "at least `maximumConcurrency`",
    changeWhen: "Other functions of the account use up its concurrency, and the alarms on throttles fire.",
    link: "reservedConcurrency",
  },
} as const satisfies Readonly<Record<string, Knob>>;

/** Knobs of a worker (a function that a queue feeds) and of its queue, beside those of a function. */
export const queueKnobs = {
  batchSize: {
    unit: "messages",
    minimum: 1,
    maximum: 10_000,
    default: 10,
    meaning: "Largest number of messages in one invocation.",
    alsoAllowed: "above 10 only with a batching window; for `notify` at most 50, the leads of one message",
    changeWhen: "Rarely: 10 is the maximum without a window.",
    link: "mapping",
  },
  batchingWindowSeconds: {
    unit: "s",
    minimum: 0,
    maximum: 300,
    default: 0,
    meaning: "Time in which Lambda may collect messages for a batch.",
    changeWhen: "Cost matters more than latency: any window can cost 20 s when there is little traffic.",
    link: "mapping",
  },
  maximumConcurrency: {
    unit: "invocations",
    minimum: 2,
    maximum: 1000,
    default: 10,
    meaning: "Largest number of concurrent invocations. It prevents throttles, which use up receives.",
    changeWhen:
      "Raise it when messages wait although the function is fast. Lower it when a service throttles the function. More of `notify` needs a longer `timeoutSeconds`.",
    link: "mappingScaling",
  },
  maxReceiveCount: {
    unit: "receives",
    minimum: 1,
    maximum: 1000,
    default: 3,
    meaning: "Receives after which a message moves to the dead letter queue.",
    changeWhen: "Hardly ever: an outage uses up no receives.",
    link: "queueAttributes",
  },
  deliveryDelaySeconds: {
    unit: "s",
    minimum: 0,
    maximum: 900,
    default: 0,
    meaning: "Time for which a new message is held back.",
    changeWhen: "Hardly ever: it delays every lead.",
    link: "queueAttributes",
  },
  visibilityTimeoutSeconds: {
    unit: "s",
    minimum: 0,
    maximum: 43_200,
    defaultText: "6 × `timeoutSeconds` + `batchingWindowSeconds`",
    meaning: "Time for which a received message stays hidden.",
    alsoAllowed: "at least 6 × `timeoutSeconds` + `batchingWindowSeconds`",
    changeWhen:
      "A lead that failed should wait longer before its next attempt. notify sets the wait of its leads itself.",
    link: "queueAttributes",
  },
  retentionSeconds: {
    unit: "s",
    minimum: 60,
    maximum: 14 * day,
    default: day,
    meaning: "Time for which the queue keeps a message.",
    alsoAllowed: "more than 900 + `maxReceiveCount` × `visibilityTimeoutSeconds`",
    changeWhen: "The function may be switched off for longer than a day. In an outage each attempt begins a new time.",
    link: "queueAttributes",
  },
  deadLetterRetentionSeconds: {
    unit: "s",
    minimum: 60,
    maximum: 14 * day,
    default: 4 * day,
    meaning: "Time for which the dead letter queue keeps a message, counted from the time at which it was last sent.",
    alsoAllowed: "more than `retentionSeconds`",
    changeWhen: "Fixing a cause may take longer than a long weekend.",
    link: "queueAttributes",
  },
} as const satisfies Readonly<Record<string, Knob>>;

export const workerKnobs = { ...functionKnobs, ...queueKnobs };

/** Knobs with every default filled in. Those that are optional may be unset. */
type Tuning<Knobs> = {
  readonly [Name in keyof Knobs as Knobs[Name] extends { optional: true } ? never : Name]: number;
} & { readonly [Name in keyof Knobs as Knobs[Name] extends { optional: true } ? Name : never]?: number };
export type FunctionTuning = Tuning<typeof functionKnobs>;
export type WorkerTuning = Tuning<typeof workerKnobs>;

/** What an environment sets of a function. */
export type FunctionKnobs = Partial<FunctionTuning>;
/** What an environment sets of a worker and its queue. */
export type WorkerKnobs = Partial<WorkerTuning>;

const defaultsOf = <Knobs extends Readonly<Record<string, Knob>>>(knobs: Knobs) =>
  pickBy(
    mapValues(knobs, (knob) => knob.default),
    (value) => value !== undefined,
  ) as { readonly [Name in keyof Knobs as Knobs[Name] extends { default: number } ? Name : never]: number };

/** A function's knobs with the defaults filled in. */
export const functionTuning = (knobs: FunctionKnobs): FunctionTuning => ({ ...defaultsOf(functionKnobs), ...knobs });

/** The knobs of a worker and its queue with the defaults filled in and the visibility timeout computed. */
export function workerTuning(knobs: WorkerKnobs): WorkerTuning {
  const tuning = { ...defaultsOf(workerKnobs), ...knobs };
  return { visibilityTimeoutSeconds: minimumVisibilityTimeout(tuning), ...tuning };
}

/**
 * The smallest visibility timeout that AWS advises, in seconds: six times the function's timeout plus the window. Throttled
 * and failed batches can then be tried again before their messages become visible to a second consumer.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig
 */
export function minimumVisibilityTimeout(
  tuning: Pick<WorkerTuning, "timeoutSeconds" | "batchingWindowSeconds">,
): number {
  return 6 * tuning.timeoutSeconds + tuning.batchingWindowSeconds;
}
