import { HeadObjectCommand, type HeadObjectCommandInput, NotFound, type S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { stages, workerNames, workerOf } from "../flow.ts";
import { OpsError } from "./errors.ts";
import type { Pipeline } from "./outputs.ts";

const prefixes = workerNames.flatMap((name) => stages[name].prefix || []).join(" or ");

/**
 * Returns what sends the message that EventBridge sent for a stored object: for a raw lead to enrich, for an enriched lead to
 * notify. Lead, keys and ledger entries stay the same, so what was announced is not announced again. The message names a
 * version, so that a file which is overwritten meanwhile cannot take its place. It resolves with the queue's URL, and throws
 * OpsError NotALeadsKey, NoSuchObject.
 */
export const createReplay =
  ({ bucket, queues }: Pipeline, s3: S3Client, sqs: SQSClient) =>
  async (key: string, versionId?: string): Promise<string> => {
    const worker = workerOf(key);
    if (worker === undefined) {
      const place = `leads are at the bucket's root or below ${prefixes}; copy the object to the root.`;
      throw new OpsError("NotALeadsKey", `--key ${key}: ${place}`);
    }
    const object = await headOf(s3, { Bucket: bucket, Key: key, VersionId: versionId });
    const { url } = queues[stages[worker].queue];
    const event = replayedEvent(bucket, key, object);
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(event) }));
    return url;
  };

/** The event that EventBridge sent for an object, with what it says of the object. */
export const replayedEvent = (bucket: string, key: string, object: Readonly<Record<string, unknown>>) => ({
  source: "leadwire.replay",
  "detail-type": "Object Created",
  detail: { bucket: { name: bucket }, object: { key, ...object } },
});

/** What the event of an object says of it. */
async function headOf(s3: S3Client, object: HeadObjectCommandInput) {
  try {
    const { ETag, ContentLength, VersionId } = await s3.send(new HeadObjectCommand(object));
    return { etag: ETag?.replaceAll('"', ""), size: ContentLength, "version-id": VersionId };
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    const what = object.VersionId === undefined ? "object" : "version of the object";
    const problem = `bucket ${object.Bucket} has no such ${what}. Its retention may be over.`;
    throw new OpsError("NoSuchObject", `--key ${object.Key}: ${problem}`);
  }
}
