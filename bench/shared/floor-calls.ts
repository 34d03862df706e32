/** The AWS and Slack calls that enrich and notify make for a batch of ten, with the same clients, and nothing else. */
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { WorkerName } from "../../flow.ts";
import { createClient } from "../../functions/runtime/clients.ts";
import { benchKey, benchLead } from "./bench-lead.ts";

const batchSize = 10;

/** The functions' own limits: a timer for each call is part of the call. */
const limits = { milliseconds: 2000 };
const s3 = createClient(S3Client, limits);
const sqs = createClient(SQSClient, limits);
const dynamo = createClient(DynamoDBClient, limits);
const leadJson = JSON.stringify(benchLead);
/** Of the version that an event names. */
const etag = '"e1"';
const each = (work: (index: number) => Promise<unknown>) =>
  Promise.all(Array.from({ length: batchSize }, (_, index) => work(index)));
const read = async (Key: string) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "leads", Key, IfMatch: etag }));
  await Body?.transformToByteArray();
};
const update = (ReturnValues?: "ALL_NEW") =>
  dynamo.send(
    new UpdateItemCommand({
      TableName: "ledger",
      Key: { id: { S: "lead" } },
      UpdateExpression: "SET #state = :state",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":state": { S: "sent" } },
      ReturnValues,
    }),
  );

const enrich = () =>
  each(async (index) => {
    await read(`raw-${index}.json`);
    await s3.send(
      new PutObjectCommand({
        Bucket: "leads",
        Key: `enriched/${index}.json`,
        Body: leadJson,
        ContentType: "application/json",
        IfNoneMatch: "*",
        Metadata: {
          "correlation-id": benchLead.id,
          source: benchLead.source,
          "received-at": benchLead.receivedAt,
        },
      }),
    );
  });

const notify = async () => {
  await each(async () => {
    await read(benchKey);
    await update("ALL_NEW");
  });
  const { AWS_ENDPOINT_URL, QUEUE_URL: QueueUrl } = process.env;
  // An almost full digest has room for 40 messages more, in calls of ten.
  await Promise.all(
    Array.from({ length: 4 }, () => sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))),
  );
  await update();
  await (await fetch(`${AWS_ENDPOINT_URL}/slack`, { method: "POST", body: leadJson })).text();
  await each(() => update());
};

export const calls: Readonly<Record<WorkerName, () => Promise<unknown>>> = { enrich, notify };
