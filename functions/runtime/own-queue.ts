import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { chunk } from "es-toolkit/array";
import { allEnded } from "./concurrency.ts";

/** A message of a worker's queue, which Lambda or the function itself received. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
}

/** A message that Lambda delivers. */
export const asQueueMessage = ({ messageId, receiptHandle, body, attributes }: SQSRecord): QueueMessage => ({
  messageId,
  receiptHandle,
  body,
  receiveCount: Number(attributes.ApproximateReceiveCount),
});

export interface OwnQueue {
  /** Receives up to `max` messages that are there now, without waiting, beyond those that Lambda delivers. */
  take(max: number): Promise<QueueMessage[]>;
  delete(messages: readonly QueueMessage[]): Promise<void>;
  /** Makes messages visible again after the given seconds, 0 to 43,200. */
  retryAfter(messages: readonly QueueMessage[], seconds: (message: QueueMessage) => number): Promise<void>;
}

/** Messages in one call of SQS. */
const callSize = 10;

export function createOwnQueue(sqs: SQSClient, QueueUrl: string): OwnQueue {
  const receive = async (max: number): Promise<QueueMessage[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
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
  const inCalls = async (messages: readonly QueueMessage[], call: (some: QueueMessage[]) => Promise<unknown>) => {
    await allEnded(chunk(messages, callSize).map(call));
  };
  return {
    async take(max) {
      const calls = Array.from({ length: Math.ceil(max / callSize) }, (_, index) =>
        receive(Math.min(callSize, max - index * callSize)),
      );
      // If one call fails, the messages of the others are still to be announced.
      const answers = await Promise.allSettled(calls);
      return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    },
    delete: (messages) =>
      inCalls(messages, (some) =>
        sqs.send(
          new DeleteMessageBatchCommand({
            QueueUrl,
            Entries: some.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
          }),
        ),
      ),
    retryAfter: (messages, seconds) =>
      inCalls(messages, (some) =>
        sqs.send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl,
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
