/**
 * The flow of a lead, as data: its stages in order, each one's tuning, event and queue, and the names of the stack's
 * outputs. Functions, stacks, environments, operator's commands, the local run and benchmarks derive their lists from this
 * table, so a new stage is added here first, and the compiler lists what it still lacks. This file imports nothing.
 */

/** Prefix of the keys of enriched leads. Raw leads are the objects at the bucket's root. */
export const enrichedPrefix = "enriched/";

/** Prefix of the keys of records that were fetched for raw leads. No event rule matches them. */
export const fetchedPrefix = "fetched/";

/** Prefix of the keys of outcomes, which say what became of leads. Only consumers read them. */
export const outcomesPrefix = "outcomes/";

/** End of the keys of objects with other outcomes than announcements. */
export const unannouncedSuffix = "-unannounced.json";

/** Prefix of the keys of records of erasures. No event rule matches them. */
export const erasuresPrefix = "erasures/";

/** A stage that answers HTTP requests. */
interface HttpStage {
  /** Kind of the function, and of its tuning. */
  readonly kind: "http";
}

/** A stage that works on the events of created objects, which reach it through a queue. */
export interface WorkerStage {
  /** Kind of the function, and of its tuning: a worker's includes its queue and mapping. */
  readonly kind: "worker";
  /** Name of the event rule, without the stack's prefix. */
  readonly event: string;
  /**
   * The event is the creation of an object whose key starts with this. The empty prefix stands for the bucket's root: keys
   * without a slash.
   */
  readonly prefix: string;
  /** The queue's name, without the stack's prefix. */
  readonly queue: string;
  /** What the queue's messages are, in words for alarms. */
  readonly messages: string;
}

type Stage = HttpStage | WorkerStage;

/** The stages in a lead's order. Each has a function of this name, bundled from `functions/NAME/index.ts`. */
export const stages = {
  ingest: { kind: "http" },
  enrich: { kind: "worker", event: "raw-lead-created", prefix: "", queue: "leads", messages: "raw leads" },
  notify: {
    kind: "worker",
    event: "enriched-lead-created",
    prefix: enrichedPrefix,
    queue: "notifications",
    messages: "notifications",
  },
} as const satisfies Readonly<Record<string, Stage>>;

export type StageName = keyof typeof stages;
type NameOf<Kind extends Stage["kind"]> = {
  [Name in StageName]: (typeof stages)[Name]["kind"] extends Kind ? Name : never;
}[StageName];
export type HttpStageName = NameOf<"http">;
export type WorkerName = NameOf<"worker">;
export type QueueName = (typeof stages)[WorkerName]["queue"];

export const stageNames = Object.keys(stages) as StageName[];
const isWorker = (name: StageName): name is WorkerName => stages[name].kind === "worker";
export const workerNames = stageNames.filter(isWorker);
export const queueNames = workerNames.map((name): QueueName => stages[name].queue);

/** Returns the worker that gets the event of an object with this key, or undefined if no stage does. */
export function workerOf(key: string): WorkerName | undefined {
  const isBelow = (prefix: string) => (prefix === "" ? !key.includes("/") : key.startsWith(prefix));
  return workerNames.find((name) => isBelow(stages[name].prefix));
}

/** A value for every stage: one of `Http` for stages that answer requests, one of `Worker` for those that a queue feeds. */
export type ByStage<Http, Worker> = {
  readonly [Name in StageName]: Name extends WorkerName ? Worker : Http;
};

/** Makes a value for every stage, in the order of the flow. */
export const byStage = <Http, Worker>(http: (name: HttpStageName) => Http, worker: (name: WorkerName) => Worker) =>
  Object.fromEntries(stageNames.map((name) => [name, isWorker(name) ? worker(name) : http(name)])) as ByStage<
    Http,
    Worker
  >;

/**
 * The function that compares what is stored with what the stages made of it, and the schedule of each comparison. It is on no
 * lead's way, so it is no stage.
 */
export const reconcile = {
  name: "reconcile",
  schedules: {
    announced: { expression: "rate(1 hour)", description: "Every hour: count enriched leads that were not announced." },
    enriched: { expression: "rate(1 day)", description: "Every day: count raw leads that were not enriched." },
  },
} as const;

/** Every function of the pipeline but those of consumers. Each is bundled from `functions/NAME/index.ts`. */
export const functionNames = [...stageNames, reconcile.name];
export type FunctionName = (typeof functionNames)[number];

/** Name of the queue for events that EventBridge could not deliver, without the stack's prefix. */
export const undeliveredEvents = "events-dlq";

/** The topic of each severity of an alarm, by its name without the stack's prefix. */
export const alarmTopics = { page: "alarms", email: "notices" } as const;

/** Names of the stack's outputs that programs read. */
export const Output = {
  endpoint: "endpoint",
  leadsBucket: "leads_bucket",
  undeliveredEventsUrl: "events_dlq_url",
  sourceSecretParameters: "source_secret_parameters",
  alarmTopicArn: "alarm_topic_arn",
  noticeTopicArn: "notice_topic_arn",
  ledgerTable: "ledger_table",
  /** Of an environment with the consumer `lead-index`. */
  leadIndexTable: "lead_index_table",
} as const;

/** Names of the outputs with the URLs of a queue and of its dead letter queue. A consumer's queue has them too. */
export const queueOutputs = (queue: string) => ({
  url: `${queue.replaceAll("-", "_")}_queue_url`,
  deadLettersUrl: `${queue.replaceAll("-", "_")}_dlq_url`,
});

/** Returns the queue whose URL an output holds, or undefined if the output is none of a queue. */
export const queueOfOutput = (output: string): string | undefined =>
  /^(.+)_queue_url$/.exec(output)?.[1]?.replaceAll("_", "-");

/** Name of the output with the SSM parameters of a channel's webhooks, by destination. */
export const webhookOutput = (channel: string) => `${channel.replaceAll("-", "_")}_webhook_parameters`;
