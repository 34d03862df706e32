import type { SQSEvent, SQSMessageAttributes, SQSRecordAttributes } from "aws-lambda";

/** A message as ReceiveMessage hands it out. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, ReceivedAttribute>>;
}

interface ReceivedAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

const attributes = (received: ReceivedMessage["MessageAttributes"] = {}): SQSMessageAttributes =>
  Object.fromEntries(
    Object.entries(received).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );

/** The event that Lambda makes of a batch. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function sqsEvent(batch: readonly ReceivedMessage[], queueArn: string): SQSEvent {
  const awsRegion = queueArn.split(":")[3] ?? "";
  return {
    Records: batch.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: { ...message.Attributes } as unknown as SQSRecordAttributes,
      messageAttributes: attributes(message.MessageAttributes),
      md5OfBody: message.MD5OfBody,
      ...(message.MD5OfMessageAttributes && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion,
    })),
  };
}
