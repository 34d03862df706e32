import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import type { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";

/** A queue and its policy, which allows a rule to send. */
export interface EventTarget {
  readonly queue: SqsQueue;
  readonly policy: SqsQueuePolicy;
}

export interface EventRouteProps {
  readonly name: string;
  readonly description: string;
  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: Readonly<Record<string, unknown>>;
}

/** EventBridge's defaults and maxima: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
export const deliveryRetries = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

/** A rule on the default event bus, and the target that gets its events. */
export class EventRoute extends Construct {
  readonly rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, { name, description, pattern }: EventRouteProps) {
    super(scope, id);
    this.rule = new CloudwatchEventRule(this, "rule", { name, description, eventPattern: JSON.stringify(pattern) });
  }

  /**
   * Sends the rule's events to a queue. Events that cannot be delivered for a day go to `undelivered`. The policies of both
   * queues must allow the rule.
   */
  deliverTo(target: EventTarget, undelivered: EventTarget): void {
    new CloudwatchEventTarget(this, "target", {
      rule: this.rule.name,
      targetId: target.queue.friendlyUniqueId,
      arn: target.queue.arn,
      retryPolicy: deliveryRetries,
      deadLetterConfig: { arn: undelivered.queue.arn },
      // Without its policy a queue refuses events.
      dependsOn: [target.policy, undelivered.policy],
    });
  }
}
