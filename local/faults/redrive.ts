import { SQSClient } from "@aws-sdk/client-sqs";
import { receivesUsedUp } from "../../ops/dead-letters.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { deadLetterSources, redrive } from "../../ops/redrive.ts";
import type { Platform } from "../platform.ts";

/**
 * Sends the dead letters that used up their receives back to their queues, as an operator does once a fault is over.
 * Rejected leads stay where they are.
 * @returns how many went back
 */
export async function redriveUsedUp({ stack, clientSettings }: Platform): Promise<number> {
  const sqs = new SQSClient(clientSettings());
  const pipeline = pipelineOf((name) => stack.output(name), "the stack", stack.outputs);
  let moved = 0;
  for (const queue of deadLetterSources(pipeline)) {
    const outcome = await redrive(sqs, pipeline, queue, { errorClass: receivesUsedUp });
    moved += Object.values(outcome.moved).reduce((sum, count) => sum + count, 0);
  }
  sqs.destroy();
  return moved;
}
