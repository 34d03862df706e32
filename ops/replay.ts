import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { enrichedPrefix } from "../flow.ts";
import { OpsError } from "./errors.ts";
import type { Pipeline } from "./outputs.ts";

/**
 * Sends a stored lead through again, with the message that EventBridge sent for its object: a raw lead to enrich, an
 * enriched one to notify. Lead, keys and ledger entries stay the same, so what was announced is not announced again.
 * @returns the URL of the queue that got the message
 * @throws OpsError NotALeadsKey, NoSuchObject
 */
export async function replay(s3: S3Client, sqs: SQSClient, pipeline: Pipeline, key: string): Promise<string> {
  const { bucket, leads, notifications } = pipeline;
  const enriched = key.startsWith(enrichedPrefix);
  if (key.includes("/") && !enriched) {
    throw new OpsError(
      "NotALeadsKey",
      `--key ${key}: leads are at the bucket's root or below ${enrichedPrefix}; copy the object to the root.`,
    );
  }
  const object = await headOf(s3, bucket, key);
  const QueueUrl = (enriched ? notifications : leads).queueUrl;
  const event = {
    source: "leadwire.replay",
    "detail-type": "Object Created",
    detail: { bucket: { name: bucket }, object: { key, ...object } },
  };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  return QueueUrl;
}

async function headOf(s3: S3Client, bucket: string, key: string): Promise<{ etag: string; size: number }> {
  try {
    const { ETag = "", ContentLength = 0 } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { etag: ETag.replaceAll('"', ""), size: ContentLength };
  } catch (error) {
    if (!(error instanceof Error && error.name === "NotFound")) throw error;
    const message = `--key ${key}: bucket ${bucket} has no such object. It may have passed its retention.`;
    throw new OpsError("NoSuchObject", message);
  }
}
