import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification/index.js";
import { Construct } from "constructs";
import { PrivateBucket } from "./private-bucket.ts";

export interface EventBucketProps {
  readonly name: string;
  /** Days after which an object is deleted, from 1. */
  readonly expirationDays: number;
}

/**
 * Days for which a deleted or overwritten version can be read and restored. An event names a version, and SQS keeps a message
 * with an event for 14 days at most.
 */
const noncurrentDays = 15;

/** A private bucket whose objects expire, and which sends an event to EventBridge for every new object. */
export class EventBucket extends Construct {
  readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, { name, expirationDays }: EventBucketProps) {
    super(scope, id);
    this.bucket = new PrivateBucket(this, "Default", { name, expirationDays, noncurrentDays }).bucket;
    new S3BucketNotification(this, "notification", { bucket: this.bucket.bucket, eventbridge: true });
  }
}
