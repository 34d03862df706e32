import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";
import { denyWithoutTls, policyDocument, type Statement } from "./policy.ts";

export interface PrivateBucketProps {
  readonly name: string;
  /** Days for which an overwritten or deleted version is kept, from 1. */
  readonly noncurrentDays: number;
  /** Days after which an object is deleted, from 1. @default never */
  readonly expirationDays?: number;
  /** EventBridge gets an event for every new object. @default false */
  readonly sendsEvents?: boolean;
  /** Terraform refuses to destroy the bucket. Without it, destroying the bucket deletes all objects and versions too. */
  readonly deletionProtection: boolean;
  /** What other accounts may do. @default nothing */
  readonly statements?: (bucketArn: string) => readonly Statement[];
}

/** A bucket that is private, versioned and encrypted, accepts TLS only, and deletes old versions by lifecycle rules. */
export class PrivateBucket extends Construct {
  readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { name, noncurrentDays, expirationDays, sendsEvents, deletionProtection, statements = () => [] } = props;
    this.bucket = new S3Bucket(this, "bucket", {
      bucket: name,
      forceDestroy: !deletionProtection,
      lifecycle: { preventDestroy: deletionProtection },
    });
    const { bucket } = this.bucket;
    this.restrictAccess(statements);
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    this.encrypt();
    new S3BucketLifecycleConfiguration(this, "lifecycle-configuration", {
      bucket,
      rule: [...(expirationDays ? [expireObjects(expirationDays)] : []), ...deleteLeftovers(noncurrentDays)],
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html
      dependsOn: [versioning],
    });
    if (sendsEvents) new S3BucketNotification(this, "notification", { bucket, eventbridge: true });
  }

  /** No public access, no access lists, no access without TLS. */
  private restrictAccess(statements: (bucketArn: string) => readonly Statement[]): void {
    const { arn, bucket } = this.bucket;
    const publicAccess = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership-controls", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument([denyWithoutTls("s3:*", arn, `${arn}/*`), ...statements(arn)]),
      // S3 changes a bucket's public access block and policy one at a time, and answers 409 to both at once.
      dependsOn: [publicAccess],
    });
  }

  /** SSE-S3: a KMS key would need a grant for every role that reads. */
  private encrypt(): void {
    new S3BucketServerSideEncryptionConfigurationA(this, "server-side-encryption-configuration", {
      bucket: this.bucket.bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
          // S3 blocks it in new buckets by default, and without this line every plan would undo that:
          // https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    });
  }
}

/** A rule must have a filter. The empty prefix is the whole bucket. */
const everything = [{ prefix: "" }];

const expireObjects = (days: number): S3BucketLifecycleConfigurationRule => ({
  id: "expire-objects",
  status: "Enabled",
  filter: everything,
  expiration: [{ days }],
});

const deleteLeftovers = (noncurrentDays: number): S3BucketLifecycleConfigurationRule[] => [
  {
    id: "expire-noncurrent-versions",
    status: "Enabled",
    filter: everything,
    noncurrentVersionExpiration: [{ noncurrentDays }],
  },
  {
    id: "expire-delete-markers",
    status: "Enabled",
    filter: everything,
    expiration: [{ expiredObjectDeleteMarker: true }],
  },
  {
    id: "abort-incomplete-uploads",
    status: "Enabled",
    filter: everything,
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
  },
];
