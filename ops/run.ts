import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { heldElsewhere, holdSeconds } from "./dead-letters.ts";
import { deadLetterTable, listDeadLetters } from "./list.ts";
import type { PipelineCommand } from "./options.ts";
import type { Pipeline } from "./outputs.ts";
import { type Redriven, redrive } from "./redrive.ts";
import { replay } from "./replay.ts";

export interface OpsPorts {
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  print(line: string): void;
  now(): Date;
}

/** Runs a command about leads under way. @returns the exit code: 1 when a message could not be moved */
export async function runCommand(command: PipelineCommand, pipeline: Pipeline, ports: OpsPorts): Promise<number> {
  const { sqs, s3, print, now } = ports;
  switch (command.name) {
    case "dead-letters list": {
      const queueUrl = pipeline[command.queue].deadLetterQueueUrl;
      const hidden = await heldElsewhere(sqs, queueUrl);
      const letters = await listDeadLetters(sqs, queueUrl);
      print(command.json ? JSON.stringify(letters) : deadLetterTable(letters, now()));
      if (hidden > 0 && !command.json) print(hiddenLine(hidden));
      return 0;
    }
    case "dead-letters redrive": {
      const { queue, errorClass, dryRun } = command;
      const outcome = await redrive(sqs, pipeline, queue, { dryRun, ...(errorClass !== undefined && { errorClass }) });
      print(redrivenLine(outcome, dryRun));
      return outcome.failed > 0 ? 1 : 0;
    }
    case "replay":
      print(`sent to ${await replay(s3, sqs, pipeline, command.key)}`);
      return 0;
  }
}

const hiddenLine = (count: number) =>
  `${count} more are held by another command, or by one that was interrupted, for up to ${holdSeconds / 60} minutes.`;

function redrivenLine({ moved, left, failed }: Redriven, dryRun: boolean): string {
  const byClass = Object.entries(moved).map(([errorClass, count]) => `${count} ${errorClass}`);
  const verb = dryRun ? "would move" : "moved";
  const failures = failed > 0 ? `; ${failed} could not be moved and stay: run it again` : "";
  return `${verb} ${byClass.join(", ") || "nothing"}; ${left} left${failures}`;
}
