import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy/index.js";
import { Construct } from "constructs";
import { DeadLetterQueue } from "./dead-letter-queue.ts";
import { denyWithoutTls, policyDocument, type Statement } from "./policy.ts";
import type { WorkerTuning } from "./tuning/knobs.ts";

export interface WorkQueueProps {
  readonly name: string;
  readonly tuning: WorkerTuning;
  /** Who may send, besides roles whose own policies allow it. */
  readonly statements: (queueArn: string) => readonly Statement[];
}

/** A queue with a dead letter queue, which gets each message that was received too often. */
export class WorkQueue extends Construct {
  readonly queue: SqsQueue;
  readonly deadLetters: DeadLetterQueue;
  readonly policy: SqsQueuePolicy;

  constructor(scope: Construct, id: string, { name, tuning, statements }: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, "dlq", {
      name: `${name}-dlq`,
      retentionSeconds: tuning.deadLetterRetentionSeconds,
    });
    const { queue: deadLetters } = this.deadLetters;
    this.queue = new SqsQueue(this, "queue", {
      name,
      delaySeconds: tuning.deliveryDelaySeconds,
      visibilityTimeoutSeconds: tuning.visibilityTimeoutSeconds,
      messageRetentionSeconds: tuning.retentionSeconds,
      sqsManagedSseEnabled: true,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: tuning.maxReceiveCount }),
    });
    this.policy = new SqsQueuePolicy(this, "queue-policy", {
      queueUrl: this.queue.url,
      policy: policyDocument([denyWithoutTls("sqs:*", this.queue.arn), ...statements(this.queue.arn)]),
    });
    new SqsQueueRedriveAllowPolicy(this, "redrive-allow-policy", {
      queueUrl: deadLetters.url,
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [this.queue.arn] }),
    });
  }
}
