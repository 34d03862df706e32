import type { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import type { Construct } from "constructs";
import { undeliveredEvents } from "../../flow.ts";
import { DeadLetterQueue, type DeadLetterQueueProps } from "../../modules/dead-letter-queue.ts";
import { allowEventRule } from "../../modules/policy.ts";

/** The queue for events that EventBridge could not deliver to a queue of the pipeline. */
export class UndeliveredEvents extends DeadLetterQueue {
  /** The rules that it accepts events of. */
  readonly rules: CloudwatchEventRule[] = [];
  private readonly ruleArns: string[];

  constructor(scope: Construct, props: Omit<DeadLetterQueueProps, "statements">) {
    const ruleArns: string[] = [];
    const statements = (queueArn: string) => [allowEventRule("LeadEvents", queueArn, ruleArns)];
    super(scope, undeliveredEvents, { ...props, statements });
    this.ruleArns = ruleArns;
  }

  /** Allows EventBridge to send events of a rule. */
  acceptFrom(rule: CloudwatchEventRule): void {
    this.ruleArns.push(rule.arn);
    this.rules.push(rule);
  }
}
