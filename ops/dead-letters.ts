import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { rawObjectLeadId } from "../functions/lead/lead-id.ts";
import { DeadLetterAttribute } from "../functions/runtime/names.ts";

/** A message that was given up. It holds no personal data, unlike its body, which can name a dropped file. */
export interface DeadLetter {
  readonly messageId: string;
  /** Undefined when the message is about no object. */
  readonly leadId: string | undefined;
  /** A rejection's class, EventBridge's error code, or `receivesUsedUp`. */
  readonly errorClass: string;
  readonly reason: string;
  readonly receiveCount: number;
  /** When it was first sent; for a message that SQS moved, to its source queue. */
  readonly sentAt: Date;
}

/** A dead letter that this process holds for a while, with what is needed to move it. */
export interface HeldDeadLetter extends DeadLetter {
  readonly body: string;
  readonly receiptHandle: string;
  /** ARN of the queue to which EventBridge could not deliver the event. */
  readonly targetArn: string | undefined;
}

/** Class of a message that SQS moved after its last receive: the function gave no reason but its log has one. */
export const receivesUsedUp = "ReceivesUsedUp";

/** Seconds for which the messages are hidden from others; if this process dies, they are back after that. */
export const holdSeconds = 600;
const callSize = 10;

/**
 * Takes hold of every message in a dead letter queue, without deleting any: whoever asks at the same time does not see
 * them. What arrives after this returns is left alone, so that moving messages which fail again comes to an end.
 */
export async function hold(sqs: SQSClient, queueUrl: string): Promise<HeldDeadLetter[]> {
  const held = new Map<string, HeldDeadLetter>();
  const receive = () =>
    sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: callSize,
        // With a wait, SQS asks all of its servers: only then does nothing mean that nothing is there.
        WaitTimeSeconds: 1,
        VisibilityTimeout: holdSeconds,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
      }),
    );
  try {
    for (;;) {
      const { Messages = [] } = await receive();
      if (Messages.length === 0) return [...held.values()];
      for (const message of Messages) held.set(message.MessageId ?? "", read(message));
    }
  } catch (error) {
    await release(sqs, queueUrl, [...held.values()]);
    throw error;
  }
}

/** How many messages somebody else holds, so that nobody sees them: another command, or one that was interrupted. */
export async function heldElsewhere(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = ["ApproximateNumberOfMessagesNotVisible" as const];
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
}

/** Lets go of messages, so that they can be seen again at once. */
export async function release(sqs: SQSClient, queueUrl: string, letters: readonly HeldDeadLetter[]): Promise<void> {
  for (let start = 0; start < letters.length; start += callSize) {
    const Entries = letters.slice(start, start + callSize).map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/**
 * Sends the body that letters share to a queue, once, and only then deletes them: what goes wrong in between makes two of it,
 * never none.
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
  for (const { receiptHandle } of letters) {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: receiptHandle }));
  }
}

function read({
  MessageId = "",
  ReceiptHandle = "",
  Body = "",
  Attributes,
  MessageAttributes,
}: Message): HeldDeadLetter {
  const attribute = (name: string) => MessageAttributes?.[name]?.StringValue;
  const undelivered = attribute("ERROR_CODE");
  const receiveCount = Number(Attributes?.ApproximateReceiveCount ?? 0);
  const known = {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    leadId: attribute(DeadLetterAttribute.correlationId) ?? leadIdIn(Body),
    receiveCount,
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)),
    targetArn: attribute("TARGET_ARN"),
  };
  if (undelivered !== undefined)
    return { ...known, errorClass: undelivered, reason: "EventBridge could not deliver it" };
  const errorClass = attribute(DeadLetterAttribute.errorClass);
  if (errorClass === undefined) {
    return { ...known, errorClass: receivesUsedUp, reason: "It used up its receives; its function's log says why" };
  }
  return { ...known, errorClass, reason: attribute(DeadLetterAttribute.reason) ?? "" };
}

/** The id of the lead in the object that a message is about. */
function leadIdIn(body: string): string | undefined {
  let object: { key?: unknown; etag?: unknown } | undefined;
  try {
    object = JSON.parse(body)?.detail?.object;
  } catch {
    return undefined;
  }
  if (typeof object?.key !== "string") return undefined;
  return rawObjectLeadId(object.key.slice(object.key.lastIndexOf("/") + 1), String(object.etag ?? ""));
}
