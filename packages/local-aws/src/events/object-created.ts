import { randomUUID } from "node:crypto";
import type { CreatedObject } from "../aws/s3.ts";
import type { Place } from "../stack/computed.ts";

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly [field: string]: unknown;
}

let made = 0;

/** A rising hexadecimal number: of two events of one key, the later has the greater sequencer. */
function sequencer(): string {
  made += 1;
  return (BigInt(Date.now()) * 1_000_000n + BigInt(made % 1_000_000)).toString(16).toUpperCase().padStart(18, "0");
}

/** The event that S3 sends for a new object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function objectCreated(object: CreatedObject, { account, region }: Place): BusEvent {
  const { bucket, key, size, etag, versionId, reason } = object;
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Object Created",
    source: "aws.s3",
    account,
    time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: "0",
      bucket: { name: bucket },
      object: { key, size, etag, "version-id": versionId, sequencer: sequencer() },
      "request-id": randomUUID().replaceAll("-", "").slice(0, 16).toUpperCase(),
      requester: account,
      "source-ip-address": "127.0.0.1",
      reason,
    },
  };
}
