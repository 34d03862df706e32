import type { Construct } from "constructs";
import { pascalCase } from "es-toolkit/string";
import type { WorkerStage } from "../../flow.ts";
import { EventRoute } from "../../modules/event-route.ts";
import { allowEventRule } from "../../modules/policy.ts";
import type { WorkerTuning } from "../../modules/tuning/knobs.ts";
import { WorkQueue } from "../../modules/work-queue.ts";
import type { Pipeline } from "./stage.ts";

export interface EventQueueProps extends Pick<WorkerStage, "event" | "queue"> {
  /**
   * The keys of the objects start with it, or with one of several. The empty prefix stands for the bucket's root, and one with a
   * star, for any characters, for the whole key.
   */
  readonly prefix: string | readonly string[];
  /** The rule's description. */
  readonly description: string;
  readonly tuning: WorkerTuning;
}

/** Creates a queue, and the event rule that sends an event to it for every new object below a prefix or some prefixes. */
export function eventQueue(scope: Construct, pipeline: Pipeline, props: EventQueueProps): WorkQueue {
  const { prefix: stack, bucket, undelivered } = pipeline;
  const { event, description, prefix, queue: name, tuning } = props;
  const route = new EventRoute(scope, event, {
    name: `${stack}-${event}`,
    description,
    pattern: objectCreated(bucket.bucket, prefix),
  });
  const queue = new WorkQueue(scope, name, {
    name: `${stack}-${name}`,
    tuning,
    statements: (queueArn) => [allowEventRule(pascalCase(event), queueArn, [route.rule.arn])],
  });
  undelivered.acceptFrom(route.rule);
  route.deliverTo(queue, undelivered);
  return queue;
}

/** Keys without a slash. An enriched lead's key has one, so it never becomes the event of a raw lead. */
const rootKeys = { "anything-but": { wildcard: "*/*" } };

function keysBelow(prefix: string) {
  if (prefix === "") return rootKeys;
  return prefix.includes("*") ? { wildcard: prefix } : { prefix };
}

const objectCreated = (bucket: string, prefix: EventQueueProps["prefix"]) => ({
  source: ["aws.s3"],
  "detail-type": ["Object Created"],
  detail: { bucket: { name: [bucket] }, object: { key: [prefix].flat().map(keysBelow) } },
});
