import { SQSClient } from "@aws-sdk/client-sqs";
import { receivesUsedUp } from "../../ops/dead-letters.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { deadLetterSources, redrive } from "../../ops/redrive.ts";
import { operatorAccessKeyId, type Platform } from "../platform.ts";

/**
 * What an operator does once a fault is over: the dead letters that used up their receives go back to their queues, and
 * poison stays where it is.
 * @returns how many went back
 */
export async function redriveUsedUp({ stack, gateway }: Platform): Promise<number> {
  const sqs = new SQSClient({
    endpoint: gateway.url,
    region: stack.place.region,
    credentials: { accessKeyId: operatorAccessKeyId, secretAccessKey: "made-up" },
  });
  const pipeline = pipelineOf((name) => stack.output(name), "the stack");
  let moved = 0;
  for (const queue of deadLetterSources) {
    const outcome = await redrive(sqs, pipeline, queue, { errorClass: receivesUsedUp });
    moved += Object.values(outcome.moved).reduce((sum, count) => sum + count, 0);
  }
  sqs.destroy();
  return moved;
}
