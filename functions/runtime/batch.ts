import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

/**
 * Handles every message of a batch at once and names those that failed, which is what ReportBatchItemFailures asks for:
 * the others are deleted, and the named ones come back after the visibility timeout.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * @param handle must settle what can be settled; what it throws makes its message a batch item failure
 * @param onFailure is told of every failure, to log it
 */
export async function eachRecord(
  event: SQSEvent,
  handle: (record: SQSRecord) => Promise<void>,
  onFailure: (record: SQSRecord, error: unknown) => void,
): Promise<SQSBatchResponse> {
  const failed = await Promise.all(
    event.Records.map(async (record) => {
      try {
        await handle(record);
        return [];
      } catch (error) {
        onFailure(record, error);
        return [{ itemIdentifier: record.messageId }];
      }
    }),
  );
  return { batchItemFailures: failed.flat() };
}
