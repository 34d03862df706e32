import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createClient } from "../runtime/clients.ts";
import { createDeadLetterSender } from "../runtime/dead-letters.ts";
import { createLeadStore } from "../runtime/lead-store.ts";
import { Variable } from "../runtime/names.ts";
import { createOwnQueue } from "../runtime/own-queue.ts";
import { createPostponer } from "../runtime/postpone.ts";
import { jsonSetting, setting } from "../runtime/settings.ts";
import { createTelemetry } from "../runtime/telemetry.ts";
import { makeHandler } from "./handler.ts";
import { createItemWriter } from "./table.ts";

/** If S3 or DynamoDB does not answer, the batch must still end within the function's ten seconds. */
const limits = { milliseconds: 1000, maxAttempts: 2 };
const sqs = createClient(SQSClient, limits);
const queue = createOwnQueue(sqs, setting(Variable.queueUrl));
const sendToDeadLetters = createDeadLetterSender(sqs, setting(Variable.deadLetterQueueUrl));
const giveUpAfterHours = jsonSetting<number>(Variable.giveUpAfterHours);
const telemetry = createTelemetry("lead-index");

const index = makeHandler({
  store: createLeadStore(createClient(S3Client, limits), setting(Variable.bucket)),
  write: createItemWriter(createClient(DynamoDBClient, limits), setting(Variable.leadIndexTable)),
  sendToDeadLetters,
  postpone: createPostponer({ queue, sendToDeadLetters, giveUpAfterHours, ...telemetry, now: () => Date.now() }),
  days: jsonSetting<number>(Variable.leadVersionDays),
  ...telemetry,
});

export const handler = telemetry.withRequestId(index);
