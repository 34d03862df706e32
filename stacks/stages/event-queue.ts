import type { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import type { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import type { Construct } from "constructs";
import { undeliveredEvents } from "../../flow.ts";
import { DeadLetterQueue } from "../../modules/dead-letter-queue.ts";
import { EventRoute, type EventTarget } from "../../modules/event-route.ts";
import { allowEventRule } from "../../modules/policy.ts";
import type { WorkerTuning } from "../../modules/tuning/knobs.ts";
import { WorkQueue } from "../../modules/work-queue.ts";
import type { Pipeline } from "./stage.ts";

export interface EventQueueProps {
  /** Name of the event rule, without the stack's prefix, such as `raw-lead-created`. */
  readonly event: string;
  /** The rule's description. */
  readonly description: string;
  /** Prefix of the keys of the objects that the events are about. The empty prefix stands for the bucket's root. */
  readonly prefix: string;
  /** The queue's name, without the stack's prefix. */
  readonly queue: string;
  readonly tuning: WorkerTuning;
}

/** Creates a queue, and the event rule that sends an event to it for every new object below a prefix. */
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

const objectCreated = (bucket: string, prefix: string) => ({
  source: ["aws.s3"],
  "detail-type": ["Object Created"],
  detail: { bucket: { name: [bucket] }, object: { key: [prefix === "" ? rootKeys : { prefix }] } },
});

const pascalCase = (name: string) => name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

export interface UndeliveredEventsProps {
  readonly name: string;
  /** 60 to 1,209,600 seconds (14 days). */
  readonly retentionSeconds: number;
}

/** The queue for events that EventBridge could not deliver to a queue of the pipeline. */
export class UndeliveredEvents implements EventTarget {
  readonly deadLetters: DeadLetterQueue;
  readonly queue: SqsQueue;
  readonly policy: SqsQueuePolicy;
  private readonly ruleArns: string[] = [];

  constructor(scope: Construct, { name, retentionSeconds }: UndeliveredEventsProps) {
    this.deadLetters = new DeadLetterQueue(scope, undeliveredEvents, {
      name,
      retentionSeconds,
      statements: (queueArn) => [allowEventRule("LeadEvents", queueArn, this.ruleArns)],
    });
    this.queue = this.deadLetters.queue;
    this.policy = this.deadLetters.policy;
  }

  /** Allows EventBridge to send events of a rule. */
  acceptFrom(rule: CloudwatchEventRule): void {
    this.ruleArns.push(rule.arn);
  }
}
