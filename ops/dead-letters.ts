import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { chunk, partition } from "es-toolkit";
import { DeadLetterAttribute } from "../functions/runtime/names.ts";
import { type CreatedObject, correlationIdOf, createdObject } from "../functions/runtime/object-created.ts";

/** What is shown of a message in a dead letter queue. It holds no personal data, unlike the body, which can name a file. */
export interface DeadLetter {
  readonly messageId: string;
  /** Undefined when the message names no object. */
  readonly leadId: string | undefined;
  /** A rejection's class, EventBridge's error code, or `receivesUsedUp`. */
  readonly errorClass: string;
  readonly reason: string;
  readonly receiveCount: number;
  /** When it was first sent: for a message that SQS moved, to its source queue. */
  readonly sentAt: Date;
}

/** A dead letter that this process holds, with what is needed to move it. */
export interface HeldDeadLetter extends DeadLetter {
  readonly body: string;
  readonly receiptHandle: string;
  /** ARN of the queue to which EventBridge could not deliver the event. */
  readonly targetArn: string | undefined;
}

/** Class of a message that SQS moved after its last receive. It has no reason; the function's log has one. */
export const receivesUsedUp = "ReceivesUsedUp";

/** Seconds for which held messages are hidden from others. If this process dies, they are visible again after that. */
const holdSeconds = 600;
/** Messages in one call, the maximum of SQS. */
const callSize = 10;

/** Messages of a dead letter queue that this process holds. */
export interface Held {
  readonly letters: readonly HeldDeadLetter[];
  /** Number of those that another command held before, or an interrupted one. They are not among the letters. */
  readonly elsewhere: number;
}

/** A sentence for operators about messages that another command holds. */
export const heldElsewhere = (count: number) =>
  `${count} more are held by another or an interrupted command, for up to ${holdSeconds / 60} minutes.`;

/**
 * Receives every message of a dead letter queue and deletes none; others do not see them for `holdSeconds`. Messages that
 * arrive later are left alone, so that moving messages which fail again comes to an end.
 * @param signal ends the work between two receives
 * @throws the SDK's error of a failed receive, or the signal's reason, after all messages that were received are released
 */
export async function hold(sqs: SQSClient, queueUrl: string, signal?: AbortSignal): Promise<Held> {
  const elsewhere = await invisible(sqs, queueUrl);
  const held = new Map<string, HeldDeadLetter>();
  const receive = () =>
    sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: callSize,
        // With a wait (long polling), SQS asks all of its servers: only then does an empty answer mean an empty queue.
        WaitTimeSeconds: 1,
        VisibilityTimeout: holdSeconds,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
      }),
    );
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { Messages = [] } = await receive();
      if (Messages.length === 0) return { letters: [...held.values()], elsewhere };
      for (const message of Messages) held.set(message.MessageId ?? "", deadLetterOf(message));
    }
  } catch (error) {
    await release(sqs, queueUrl, [...held.values()]);
    throw error;
  }
}

async function invisible(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = ["ApproximateNumberOfMessagesNotVisible" as const];
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
}

/** The object that a message's event names; undefined when it names none. */
export function createdIn({ body }: Pick<HeldDeadLetter, "body">): CreatedObject | undefined {
  try {
    return createdObject({ body });
  } catch {
    return undefined;
  }
}

/** Makes held messages visible again at once. */
export async function release(sqs: SQSClient, queueUrl: string, letters: readonly HeldDeadLetter[]): Promise<void> {
  for (const some of chunk(letters, callSize)) {
    const Entries = some.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/**
 * Sends the body that dead letters share to a queue, once, and then deletes them. A failure in between leaves a copy too
 * many, never one too few.
 * @param letters with the same body
 */
export async function move(
  sqs: SQSClient,
  from: string,
  to: string,
  letters: readonly HeldDeadLetter[],
): Promise<void> {
  const [first] = letters;
  if (!first) return;
  await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: first.body }));
  await discard(sqs, from, letters);
}

/** Deletes held messages. */
async function discard(sqs: SQSClient, queueUrl: string, letters: readonly HeldDeadLetter[]): Promise<void> {
  for (const { receiptHandle } of letters) {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
  }
}

/**
 * Deletes dead letters. Those that another command holds stay.
 * @param isMeant which ones
 * @param dryRun counts them, and deletes none
 * @returns how many were deleted, and how many are held elsewhere
 */
export async function deleteDeadLetters(
  sqs: SQSClient,
  queueUrl: string,
  isMeant: (letter: HeldDeadLetter) => boolean,
  dryRun = false,
) {
  const { letters, elsewhere } = await hold(sqs, queueUrl);
  const [meant, others] = partition(letters, isMeant);
  await release(sqs, queueUrl, dryRun ? letters : others);
  if (!dryRun) await discard(sqs, queueUrl, meant);
  return { deleted: meant.length, elsewhere };
}

/** What a message says of why it is a dead letter. */
export function deadLetterOf({ MessageId = "", ReceiptHandle = "", Body = "", ...message }: Message): HeldDeadLetter {
  const attribute = (name: string) => message.MessageAttributes?.[name]?.StringValue;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    leadId: attribute(DeadLetterAttribute.correlationId) ?? correlationIdOf({ body: Body }),
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 0),
    sentAt: new Date(Number(message.Attributes?.SentTimestamp ?? 0)),
    targetArn: attribute("TARGET_ARN"),
    ...causeOf(attribute),
  };
}

function causeOf(attribute: (name: string) => string | undefined): Pick<DeadLetter, "errorClass" | "reason"> {
  const undelivered = attribute("ERROR_CODE");
  if (undelivered !== undefined) return { errorClass: undelivered, reason: "EventBridge could not deliver it" };
  const errorClass = attribute(DeadLetterAttribute.errorClass);
  if (errorClass !== undefined) return { errorClass, reason: attribute(DeadLetterAttribute.reason) ?? "" };
  return { errorClass: receivesUsedUp, reason: "It used up its receives; its function's log says why" };
}
