import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { chunk } from "es-toolkit/array";
import { allEnded } from "./concurrency.ts";
import { loggable } from "./loggable.ts";
import { PostponedAttribute } from "./names.ts";

/** A message of a worker's queue, which Lambda or the function itself received. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often it was received, this time included, and not counting receives after which it was postponed. */
  readonly receiveCount: number;
  /** 1 for a message that was never postponed. */
  readonly attempt: number;
  /** Epoch milliseconds; undefined for a message that was never postponed. */
  readonly firstAttemptAt: number | undefined;
}

/** A message that is to be sent again. */
export interface Postponement {
  readonly message: QueueMessage;
  /** 0 to 900. */
  readonly delaySeconds: number;
  /** Epoch milliseconds. */
  readonly firstAttemptAt: number;
}

/** A message that was not sent again. */
export interface NotSent {
  readonly message: QueueMessage;
  /** What the log says of it. */
  readonly cause: Readonly<Record<string, unknown>>;
}

/** A message that Lambda delivers. */
export const asQueueMessage = ({ attributes, messageAttributes, ...message }: SQSRecord): QueueMessage => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  ...historyOf(attributes.ApproximateReceiveCount, (name) => messageAttributes[name]?.stringValue),
});

/** What a message's attributes say of its earlier attempts. Anybody can have written them, so a text that is no number counts as none. */
function historyOf(receives: string | undefined, attribute: (name: string) => string | undefined) {
  const number = (name: string) => {
    const text = attribute(name) ?? "";
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  };
  return {
    receiveCount: Number(receives ?? 1) + (number(PostponedAttribute.receives) ?? 0),
    attempt: number(PostponedAttribute.attempt) ?? 1,
    firstAttemptAt: number(PostponedAttribute.firstAttemptAt),
  };
}

export interface OwnQueue {
  /** Receives up to `max` messages that are there now, without waiting, beyond those that Lambda delivers. */
  take(max: number): Promise<QueueMessage[]>;
  delete(messages: readonly QueueMessage[]): Promise<void>;
  /** Makes messages visible again after the given seconds, 0 to 43,200. */
  retryAfter(messages: readonly QueueMessage[], seconds: (message: QueueMessage) => number): Promise<void>;
  /** Sends messages again, each after its delay. The originals stay. @returns the messages that were not sent */
  sendAgain(postponements: readonly Postponement[]): Promise<NotSent[]>;
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
        MessageAttributeNames: Object.values(PostponedAttribute),
      }),
    );
    return Messages.map(({ MessageId = "", ReceiptHandle = "", Body = "", Attributes, MessageAttributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      ...historyOf(Attributes?.ApproximateReceiveCount, (name) => MessageAttributes?.[name]?.StringValue),
    }));
  };
  /** Sends the messages of one call. SQS can refuse single ones. */
  const send = async (postponements: readonly Postponement[]): Promise<NotSent[]> => {
    try {
      const { Failed = [] } = await sqs.send(
        new SendMessageBatchCommand({ QueueUrl, Entries: postponements.map(sendEntry) }),
      );
      return Failed.flatMap(({ Id, Code }) =>
        postponements
          .slice(Number(Id), Number(Id) + 1)
          .map(({ message }) => ({ message, cause: { errorClass: Code } })),
      );
    } catch (error) {
      const cause = loggable(error);
      return postponements.map(({ message }) => ({ message, cause }));
    }
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
    sendAgain: async (postponements) => (await Promise.all(sendCalls(postponements).map(send))).flat(),
  };
}

/**
 * Bytes of all messages in one call, with their attributes, and so of a single message too.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const callBytes = 1024 * 1024;
/** More than the attributes of a message have. */
const attributeBytes = 200;

/** Divides messages into calls that SQS takes. */
function sendCalls(postponements: readonly Postponement[]): Postponement[][] {
  const calls: Postponement[][] = [];
  let bytes = 0;
  for (const one of postponements) {
    const size = Buffer.byteLength(one.message.body) + attributeBytes;
    const call = calls.at(-1);
    if (call && call.length < callSize && bytes + size <= callBytes) {
      call.push(one);
      bytes += size;
    } else {
      calls.push([one]);
      bytes = size;
    }
  }
  return calls;
}

function sendEntry({ message, delaySeconds, firstAttemptAt }: Postponement, index: number) {
  const number = (value: number) => ({ DataType: "String", StringValue: String(value) });
  return {
    Id: String(index),
    MessageBody: message.body,
    DelaySeconds: delaySeconds,
    MessageAttributes: {
      [PostponedAttribute.attempt]: number(message.attempt + 1),
      [PostponedAttribute.firstAttemptAt]: number(firstAttemptAt),
      [PostponedAttribute.receives]: number(message.receiveCount - 1),
    },
  };
}
