import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { RejectedError } from "../lead/rejection.ts";
import { loggable } from "./loggable.ts";
import { DeadLetterAttribute, Metric } from "./names.ts";
import type { Log, Meter } from "./telemetry.ts";

/** Puts a message that can never pass into the dead letter queue at once, with class and reason in its attributes. */
export type SendToDeadLetters = (
  record: { readonly body: string },
  rejection: RejectedError,
  correlationId?: string,
) => Promise<void>;

/** A SendToDeadLetters on SQS: the body is the original message's, so that it can be mended and sent again. */
export function deadLetters(sqs: SQSClient, queueUrl: string): SendToDeadLetters {
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

/** Does the work; when that finds that the message can never pass, buries it instead of letting it come back. */
export type OrBury = (
  record: { readonly body: string },
  correlationId: string | undefined,
  work: () => Promise<void>,
) => Promise<void>;

export function burying(sendToDeadLetters: SendToDeadLetters, log: Log, meter: Meter): OrBury {
  return async (record, correlationId, work) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      await sendToDeadLetters(record, error, correlationId);
      log.warn("lead rejected", { correlationId, ...loggable(error) });
      meter.count(Metric.leadsRejected, 1);
    }
  };
}
