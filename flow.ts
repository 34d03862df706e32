/**
 * The flow of a lead, as data: its stages in order, the queue and the object keys of each, and the names of the stack's
 * outputs. Functions, stacks, environments, operator's commands and the local run derive their lists from this table, so a
 * stage is added here first. This file imports nothing.
 */

/** Enriched leads are the objects below this prefix; raw leads are the objects at the bucket's root. */
export const enrichedPrefix = "enriched/";

/** A stage that answers HTTP requests. */
interface HttpStage {
  readonly kind: "http";
}

/** A stage that works on the events of created objects, which reach it through a queue. */
interface WorkerStage {
  readonly kind: "worker";
  /** The queue's name, without the stack's prefix. */
  readonly queue: string;
  /** What the queue's messages are, in words for alarms. */
  readonly messages: string;
}

type Stage = HttpStage | WorkerStage;

/** The stages in a lead's order. Each has a function of this name, bundled from `functions/NAME/index.ts`. */
export const stages = {
  ingest: { kind: "http" },
  enrich: { kind: "worker", queue: "leads", messages: "raw leads" },
  notify: { kind: "worker", queue: "notifications", messages: "notifications" },
} as const satisfies Readonly<Record<string, Stage>>;

export type StageName = keyof typeof stages;
export type WorkerName = {
  [Name in StageName]: (typeof stages)[Name]["kind"] extends "worker" ? Name : never;
}[StageName];
export type QueueName = (typeof stages)[WorkerName]["queue"];

export const stageNames = Object.keys(stages) as StageName[];
export const workerNames = stageNames.filter((name): name is WorkerName => stages[name].kind === "worker");
export const queueNames = workerNames.map((name): QueueName => stages[name].queue);

/** The queue for events that EventBridge could not deliver, without the stack's prefix. */
export const undeliveredEvents = "events-dlq";

/** Names of the stack's outputs that programs read. */
export const Output = {
  endpoint: "endpoint",
  leadsBucket: "leads_bucket",
  undeliveredEventsUrl: "events_dlq_url",
  sourceSecretParameters: "source_secret_parameters",
  slackWebhookParameters: "slack_webhook_parameters",
  alarmTopicArn: "alarm_topic_arn",
  ledgerTable: "ledger_table",
} as const;

/** Names of the outputs with the URLs of a queue and of its dead letter queue. */
export const queueOutputs = (queue: QueueName) => ({
  url: `${queue}_queue_url` as const,
  deadLettersUrl: `${queue}_dlq_url` as const,
});
