import type { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import type { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import type { Construct } from "constructs";
import { undeliveredEvents } from "../../flow.ts";
import { DeadLetterQueue } from "../../modules/dead-letter-queue.ts";
import type { EventTarget } from "../../modules/event-route.ts";
import { allowEventRule } from "../../modules/policy.ts";

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
