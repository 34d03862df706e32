import { HeadObjectCommand, NotFound, type S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { required, text } from "../../command-line/options.ts";
import { enrichedPrefix, stages, workerNames, workerOf } from "../../flow.ts";
import { OpsError } from "../errors.ts";
import { opsCommand, outputs } from "./command.ts";

const prefixes = workerNames.flatMap((name) => stages[name].prefix || []).join(" or ");

/**
 * Sends the message that EventBridge sent for a stored object: for a raw lead to enrich, for an enriched lead to notify.
 * Lead, keys and ledger entries stay the same, so what was announced is not announced again.
 * Throws OpsError NotALeadsKey, NoSuchObject.
 */
export const replay = opsCommand({
  name: "replay",
  summary: "Sends a stored lead through the pipeline again; what was announced is not announced again.",
  options: {
    outputs,
    key: required(
      `Key of the object in the leads bucket: raw at its root, enriched below ${enrichedPrefix}.`,
      text("key", "an object key"),
      "website-0123456789abcdef0123456789abcdef.json",
    ),
  },
  async run({ outputs, key }, { s3, sqs, print }) {
    const { bucket, queues, region } = outputs();
    const worker = workerOf(key);
    if (worker === undefined) {
      const place = `leads are at the bucket's root or below ${prefixes}; copy the object to the root.`;
      throw new OpsError("NotALeadsKey", `--key ${key}: ${place}`);
    }
    const object = await headOf(s3(region), bucket, key);
    const { url } = queues[stages[worker].queue];
    const event = {
      source: "leadwire.replay",
      "detail-type": "Object Created",
      detail: { bucket: { name: bucket }, object: { key, ...object } },
    };
    await sqs(region).send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(event) }));
    print(`sent to ${url}`);
    return 0;
  },
});

async function headOf(s3: S3Client, bucket: string, key: string): Promise<{ etag: string; size: number }> {
  try {
    const { ETag = "", ContentLength = 0 } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { etag: ETag.replaceAll('"', ""), size: ContentLength };
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    const problem = `bucket ${bucket} has no such object. Its retention may be over.`;
    throw new OpsError("NoSuchObject", `--key ${key}: ${problem}`);
  }
}
