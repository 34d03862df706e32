import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { LeadwireError } from "../../errors.ts";
import { RejectedError } from "../lead/rejection.ts";
import { loggable } from "./loggable.ts";
import { DeadLetterAttribute, Metric } from "./names.ts";
import { correlationIdOf } from "./object-created.ts";
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
 * A rejected lead was not dead-lettered. It uses up a receive: after the last one SQS itself moves the message to the dead
 * letters, whereas a message that is postponed would dead-letter a file's other rejected leads again each time.
 */
export class DeadLetterNotSentError extends LeadwireError {
  constructor(rejection: RejectedError, cause: unknown) {
    const { errorClass } = loggable(cause);
    super("DeadLetterNotSent", `A lead was rejected (${rejection.code}), and SQS did not take it: ${errorClass}.`, {
      cause,
    });
  }
}

/**
 * Returns a SendToDeadLetters that logs and counts what it sends.
 * @throws DeadLetterNotSentError
 */
export function createDeadLetter(send: SendToDeadLetters, { log, meter }: Telemetry): SendToDeadLetters {
  return async (record, rejection, correlationId) => {
    try {
      await send(record, rejection, correlationId);
    } catch (error) {
      throw new DeadLetterNotSentError(rejection, error);
    }
    log.warn("lead rejected", { correlationId, ...loggable(rejection) });
    meter.count(Metric.leadsRejected, 1);
  };
}

/**
 * Returns a function that does work for a message and returns its result. If the work throws a RejectedError, the message is
 * dead-lettered instead of being retried, and the result is undefined.
 */
export function createDeadLetterIfRejected(send: SendToDeadLetters, telemetry: Telemetry) {
  const deadLetter = createDeadLetter(send, telemetry);
  return async <T>(record: { readonly body: string }, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      await deadLetter(record, error, correlationIdOf(record));
      return undefined;
    }
  };
}
