import { ChangeMessageVisibilityCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalAws } from "local-aws";

/** Makes the hidden messages of queues visible again, as if their visibility timeouts had passed. */
export async function makeVisible({ stack, inspectQueue, clientSettings }: LocalAws, names: readonly string[]) {
  const sqs = new SQSClient(clientSettings());
  for (const { values } of stack.of("aws_sqs_queue").filter(({ values }) => names.includes(String(values.name)))) {
    for (const { receiptHandle: ReceiptHandle } of inspectQueue(String(values.name)).inflight) {
      const QueueUrl = String(values.url);
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    }
  }
  sqs.destroy();
}
