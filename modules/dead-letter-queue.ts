import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { denyWithoutTls, policyDocument, type Statement } from "./policy.ts";

export interface DeadLetterQueueProps {
  readonly name: string;
  /** 60 to 1,209,600 seconds (14 days). It must be more than the retention of every queue that it serves. */
  readonly retentionSeconds: number;
  /**
   * Who may send. A source queue needs no statement to move its messages. It is called when the stack is synthesized, so
   * it may name resources that are created later.
   * @default only roles whose own policies allow it
   */
  readonly statements?: (queueArn: string) => readonly Statement[];
}

/** A queue for messages that could not be processed or delivered. */
export class DeadLetterQueue extends Construct {
  readonly queue: SqsQueue;
  readonly policy: SqsQueuePolicy;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    const { name, retentionSeconds, statements = () => [] } = props;
    const queue = new SqsQueue(this, "queue", {
      name,
      messageRetentionSeconds: retentionSeconds,
      sqsManagedSseEnabled: true,
    });
    this.queue = queue;
    this.policy = new SqsQueuePolicy(this, "queue-policy", {
      queueUrl: queue.url,
      policy: Lazy.stringValue({
        produce: () => policyDocument([denyWithoutTls("sqs:*", queue.arn), ...statements(queue.arn)]),
      }),
    });
  }
}
