import type { Outcome } from "./environment.ts";

/**
 * Which messages of a batch Lambda deletes, by the function's answer. Without ReportBatchItemFailures any answer deletes
 * all. With it, an answer that Lambda cannot read, or that names anything but messages of the batch, deletes none.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function succeeded(
  outcome: Outcome,
  messageIds: readonly string[],
  reportsFailures: boolean,
): readonly string[] {
  if (!outcome.ok) return [];
  if (!reportsFailures) return messageIds;
  const answer: unknown = JSON.parse(outcome.payload);
  if (answer === null || answer === "") return messageIds;
  if (typeof answer !== "object" || Array.isArray(answer)) return [];
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return messageIds;
  if (!Array.isArray(failures)) return [];
  const failed = new Set(failures.map((failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier));
  for (const id of failed) {
    if (typeof id !== "string" || !messageIds.includes(id)) return [];
  }
  return messageIds.filter((id) => !failed.has(id));
}
