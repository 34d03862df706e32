import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { stoppedLeads } from "../../ops/stopped-leads.ts";
import type { Platform } from "../platform.ts";

/**
 * Finds the leads that stopped on their way because their events were lost, and replays them, as an operator does.
 * @returns how many
 */
export async function replayStopped({ stack, clientSettings }: Platform, env: EnvironmentName): Promise<number> {
  const settings = clientSettings();
  const [s3, sqs, dynamo] = [new S3Client(settings), new SQSClient(settings), new DynamoDBClient(settings)];
  const pipeline = pipelineOf((name) => stack.output(name), "the stack", stack.outputs);
  const ports = { s3: () => s3, sqs: () => sqs, dynamo: () => dynamo };
  // Nothing is on its way, so leads of the last second count too.
  const options = { from: new Date(0), to: new Date(Date.now() + 1000), replays: true };
  let stopped = 0;
  for await (const { isDecided } of stoppedLeads(pipeline, environments[env], ports, options)) {
    if (!isDecided) stopped += 1;
  }
  for (const client of [s3, sqs, dynamo]) client.destroy();
  return stopped;
}
