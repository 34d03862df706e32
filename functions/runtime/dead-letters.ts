import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { RejectedError } from "../lead/rejection.ts";
import { loggable } from "./loggable.ts";
import { DeadLetterAttribute, Metric } from "./names.ts";
import type { Telemetry } from "./telemetry.ts";

/** Puts a rejected lead's message into the dead letter queue, with the class and the reason in its attributes. */
export type SendToDeadLetters = (
  record: { readonly body: string },
  rejection: RejectedError,
  correlationId?: string,
) => Promise<void>;

/** A SendToDeadLetters on SQS. The body is the original message's, so that it can be sent again once its lead is corrected. */
export function createDeadLetterSender(sqs: SQSClient, queueUrl: string): SendToDeadLetters {
  const attribute = (value: string) => ({ DataType: "String", StringValue: value });
  return async (record, rejection, correlationId) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: record.body,
        MessageAttributes: {
          [DeadLetterAttribute.errorClass]: attribute(rejection.code),
          [DeadLetterAttribute.reason]: attribute(rejection.message),
          ...(correlationId && { [DeadLetterAttribute.correlationId]: attribute(correlationId) }),
        },
      }),
    );
  };
}

/**
 * Returns a function that does work for a message and returns its result. If the work throws a RejectedError, the message is
 * dead-lettered instead of being retried, which is logged and counted, and the result is undefined.
 */
export function createDeadLetterIfRejected(sendToDeadLetters: SendToDeadLetters, { log, meter }: Telemetry) {
  return async <T>(
    record: { readonly body: string },
    correlationId: string | undefined,
    work: () => Promise<T>,
  ): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      await sendToDeadLetters(record, error, correlationId);
      log.warn("lead rejected", { correlationId, ...loggable(error) });
      meter.count(Metric.leadsRejected, 1);
      return undefined;
    }
  };
}
