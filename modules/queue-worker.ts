import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js";
import { LambdaFunctionRecursionConfig } from "@cdktf/provider-aws/lib/lambda-function-recursion-config/index.js";
import { Construct } from "constructs";
import { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
import { allow } from "./policy.ts";
import type { WorkerTuning } from "./tuning/knobs.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface QueueWorkerProps extends Omit<BundledFunctionProps, "tuning"> {
  readonly queue: WorkQueue;
  readonly tuning: WorkerTuning;
}

/**
 * What the mapping needs, and what the function needs to keep messages apart that an invocation can have died of.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
 */
const consuming = [
  "sqs:ReceiveMessage",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:ChangeMessageVisibility",
] as const;

/** A function that gets batches from a queue, answers which of their messages failed, and may send messages to the queue again. */
export class QueueWorker extends Construct {
  readonly worker: BundledFunction;

  constructor(scope: Construct, id: string, { queue, tuning, statements, ...props }: QueueWorkerProps) {
    super(scope, id);
    this.worker = new BundledFunction(this, "Default", {
      ...props,
      tuning,
      statements: [
        allow("ConsumeQueue", consuming, [queue.queue.arn]),
        allow("PostponeMessages", ["sqs:SendMessage"], [queue.queue.arn]),
        ...statements,
      ],
    });
    const recursion = new LambdaFunctionRecursionConfig(this, "function-recursion-config", {
      functionName: this.worker.lambda.functionName,
      // Otherwise Lambda drops a message that was postponed about 16 times into the dead letter queue.
      // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
      recursiveLoop: "Allow",
    });
    new LambdaEventSourceMapping(this, "event-source-mapping", {
      eventSourceArn: queue.queue.arn,
      functionName: this.worker.lambda.arn,
      batchSize: tuning.batchSize,
      maximumBatchingWindowInSeconds: tuning.batchingWindowSeconds,
      scalingConfig: { maximumConcurrency: tuning.maximumConcurrency },
      functionResponseTypes: ["ReportBatchItemFailures"],
      // Lambda tries the role on the queue when it creates the mapping, and refuses a role without a policy. The first message
      // must not come before loops are allowed.
      dependsOn: [this.worker.rolePolicy, recursion],
    });
  }
}
