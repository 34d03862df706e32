import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import type { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";

/** A queue together with the policy that lets a rule send to it. */
export interface Receiver {
  readonly queue: SqsQueue;
  readonly policy: SqsQueuePolicy;
}

export interface EventRuleProps {
  readonly name: string;
  readonly description: string;
  readonly pattern: Readonly<Record<string, unknown>>;
}

/** A rule on the default event bus, and the way its events take to a queue. */
export class EventRoute extends Construct {
  readonly rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, { name, description, pattern }: EventRuleProps) {
    super(scope, id);
    this.rule = new CloudwatchEventRule(this, "rule", { name, description, eventPattern: JSON.stringify(pattern) });
  }

  /** Sends the rule's events to a queue, whose policy has to name the rule; what cannot be delivered goes to `undelivered`. */
  deliverTo(target: Receiver, undelivered: Receiver): void {
    new CloudwatchEventTarget(this, "target", {
      rule: this.rule.name,
      targetId: target.queue.friendlyUniqueId,
      arn: target.queue.arn,
      // EventBridge's own defaults, and its maxima: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: undelivered.queue.arn },
      // An event that comes before a policy does would be refused.
      dependsOn: [target.policy, undelivered.policy],
    });
  }
}
