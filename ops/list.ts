import type { SQSClient } from "@aws-sdk/client-sqs";
import { type DeadLetter, hold, release } from "./dead-letters.ts";

/** Reads a dead letter queue and leaves it as it was but for the messages' receive counts; the oldest first. */
export async function listDeadLetters(sqs: SQSClient, queueUrl: string): Promise<DeadLetter[]> {
  const held = await hold(sqs, queueUrl);
  await release(sqs, queueUrl, held);
  return held
    .map(({ body: _body, receiptHandle: _handle, targetArn: _target, ...letter }) => letter)
    .sort((a, b) => a.sentAt.getTime() - b.sentAt.getTime());
}

const minute = 60_000;
const age = (milliseconds: number) => {
  const minutes = Math.max(0, Math.floor(milliseconds / minute));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
};

/** The list as a table. */
export function deadLetterTable(letters: readonly DeadLetter[], now: Date): string {
  if (letters.length === 0) return "No dead letters.";
  const rows = letters.map(({ leadId, errorClass, reason, receiveCount, sentAt }) => [
    leadId ?? "–",
    age(now.getTime() - sentAt.getTime()),
    String(receiveCount),
    errorClass,
    reason,
  ]);
  const table = [["LEAD", "AGE", "RECEIVES", "CLASS", "REASON"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
