import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy/index.js";
import { Construct } from "constructs";
import { DeadLetterQueue } from "./dead-letter-queue.ts";
import { MetricAlarm } from "./metric-alarm.ts";
import { denyWithoutTls, policyDocument, type Statement } from "./policy.ts";
import type { WorkerTuning } from "./tuning.ts";

export interface WorkQueueProps {
  readonly name: string;
  readonly tuning: WorkerTuning;
  /** Age of the oldest message above which the alarm fires, in seconds. */
  readonly latencyBudgetSeconds: number;
  readonly alarmTopicArn: string;
  /** What the queue's messages are, such as "raw leads"; alarms say it. */
  readonly messages: string;
  /** Who may send; the roles of this account are allowed by their own policies. */
  readonly statements: (queueArn: string) => readonly Statement[];
}

/** A queue that hands on what fails too often, and alarms on what waits too long and on what was handed on. */
export class WorkQueue extends Construct {
  readonly queue: SqsQueue;
  readonly deadLetters: SqsQueue;
  /** The queue takes no events before its policy is there. */
  readonly policy: SqsQueuePolicy;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { name, tuning, latencyBudgetSeconds, alarmTopicArn, messages, statements } = props;
    const { queue: deadLetters } = new DeadLetterQueue(this, "dlq", {
      name: `${name}-dlq`,
      retentionSeconds: tuning.deadLetterRetentionSeconds,
      alarmTopicArn,
      // "> 2" first fires at the third message.
      alarmAbove: 2,
      alarmDescription:
        `More than 2 ${messages} failed for good and wait in ${name}-dlq. ` +
        "Read their errorClass and reason, mend the cause, then redrive the queue before its retention ends.",
    });
    this.deadLetters = deadLetters;
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
      policy: policyDocument([denyWithoutTls("sqs", this.queue.arn), ...statements(this.queue.arn)]),
    });
    new SqsQueueRedriveAllowPolicy(this, "redrive-allow-policy", {
      queueUrl: deadLetters.url,
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [this.queue.arn] }),
    });
    new MetricAlarm(this, "age", {
      name: `${name}-age`,
      description:
        `The oldest of the ${messages} in ${name} has waited longer than the latency budget of ${latencyBudgetSeconds} s. ` +
        "See in the dashboard whether its function fails, is throttled or is only outnumbered, and read its log.",
      topicArn: alarmTopicArn,
      namespace: "AWS/SQS",
      metric: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: this.queue.name },
      statistic: "Maximum",
      above: latencyBudgetSeconds,
    });
  }
}
