import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";
import { MetricAlarm } from "./metric-alarm.ts";
import { denyWithoutTls, policyDocument, type Statement } from "./policy.ts";

export interface DeadLetterQueueProps {
  readonly name: string;
  /** 60 to 1,209,600 seconds (14 days); more than the queues have that it serves. */
  readonly retentionSeconds: number;
  readonly alarmTopicArn: string;
  /** Messages above which the alarm fires, from 0. */
  readonly alarmAbove: number;
  readonly alarmDescription: string;
  /**
   * Who may send; a source queue moves its messages without a statement.
   * @default nobody but the roles that are allowed by their own policies
   */
  readonly statements?: (queueArn: string) => readonly Statement[];
}

/** A queue for messages that could not be processed, with an alarm on how many there are. */
export class DeadLetterQueue extends Construct {
  readonly queue: SqsQueue;
  readonly policy: SqsQueuePolicy;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    const { name, retentionSeconds, alarmTopicArn, alarmAbove, alarmDescription, statements = () => [] } = props;
    this.queue = new SqsQueue(this, "queue", {
      name,
      messageRetentionSeconds: retentionSeconds,
      sqsManagedSseEnabled: true,
    });
    this.policy = new SqsQueuePolicy(this, "queue-policy", {
      queueUrl: this.queue.url,
      policy: policyDocument([denyWithoutTls("sqs", this.queue.arn), ...statements(this.queue.arn)]),
    });
    new MetricAlarm(this, "depth", {
      name: `${name}-depth`,
      description: alarmDescription,
      topicArn: alarmTopicArn,
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: this.queue.name },
      statistic: "Maximum",
      above: alarmAbove,
    });
  }
}
