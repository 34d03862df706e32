import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";
import { deliveryRetries, type EventTarget } from "./event-route.ts";

export interface ScheduleProps {
  readonly name: string;
  readonly description: string;
  /** Such as `rate(1 hour)`. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
  readonly expression: string;
  readonly lambda: LambdaFunction;
  /** The event that the function gets. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Gets the events that cannot be delivered. Its policy must allow the rule. */
  readonly undelivered: EventTarget;
}

/** A rule that invokes a function at regular times. */
export class Schedule extends Construct {
  readonly rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { name, description, expression, lambda, input, undelivered } = props;
    this.rule = new CloudwatchEventRule(this, "rule", { name, description, scheduleExpression: expression });
    const permission = new LambdaPermission(this, "permission", {
      action: "lambda:InvokeFunction",
      functionName: lambda.functionName,
      principal: "events.amazonaws.com",
      sourceArn: this.rule.arn,
    });
    new CloudwatchEventTarget(this, "target", {
      rule: this.rule.name,
      targetId: lambda.functionName,
      arn: lambda.arn,
      input: JSON.stringify(input),
      retryPolicy: deliveryRetries,
      deadLetterConfig: { arn: undelivered.queue.arn },
      dependsOn: [permission, undelivered.policy],
    });
  }
}
