import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

/**
 * Handles the messages of a batch at the same time and names those that failed, as ReportBatchItemFailures asks for: Lambda
 * deletes the others, and the named ones become visible again after the visibility timeout.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * @param handle its message is a batch item failure if it throws
 * @param onFailure logs a failure
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
