import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

/** A message that waits to be announced, whoever took it from the queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
}

/** The function's own queue, as far as Lambda does not serve it. */
export interface OwnQueue {
  /** Takes up to `max` messages that are there now, without waiting. */
  take(max: number): Promise<QueueMessage[]>;
  delete(messages: readonly QueueMessage[]): Promise<void>;
  /** Lets messages come back after the given seconds, 0 to 43,200. */
  comeBack(messages: readonly QueueMessage[], seconds: (message: QueueMessage) => number): Promise<void>;
}

/** Messages in one call of SQS. */
const callSize = 10;

/** An OwnQueue on SQS. */
export function ownQueue(sqs: SQSClient, queueUrl: string): OwnQueue {
  const receive = async (max: number): Promise<QueueMessage[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      }),
    );
    return Messages.map(({ MessageId = "", ReceiptHandle = "", Body = "", Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
    }));
  };
  const inCalls = async <T>(items: readonly T[], call: (some: readonly T[], first: number) => Promise<unknown>) => {
    const starts = Array.from({ length: Math.ceil(items.length / callSize) }, (_, index) => index * callSize);
    await Promise.all(starts.map((start) => call(items.slice(start, start + callSize), start)));
  };
  return {
    async take(max) {
      const calls = Array.from({ length: Math.ceil(max / callSize) }, (_, index) =>
        receive(Math.min(callSize, max - index * callSize)),
      );
      // What one call took must not be lost because another one failed.
      const answers = await Promise.allSettled(calls);
      return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    },
    delete: (messages) =>
      inCalls(messages, (some) =>
        sqs.send(
          new DeleteMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: some.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
          }),
        ),
      ),
    comeBack: (messages, seconds) =>
      inCalls(messages, (some) =>
        sqs.send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl: queueUrl,
            Entries: some.map((message, index) => ({
              Id: String(index),
              ReceiptHandle: message.receiptHandle,
              VisibilityTimeout: seconds(message),
            })),
          }),
        ),
      ),
  };
}
