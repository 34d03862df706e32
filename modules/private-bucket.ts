import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";
import { denyWithoutTls, policyDocument, type Statement } from "./policy.ts";

export interface PrivateBucketProps {
  readonly name: string;
  /** Days that an overwritten or deleted version is kept, from 1. */
  readonly noncurrentDays: number;
  /**
   * Days after which an object is deleted, from 1.
   * @default never
   */
  readonly expirationDays?: number;
  /**
   * Terraform refuses to destroy the bucket.
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * What others than the account itself may do.
   * @default nothing
   */
  readonly statements?: (bucketArn: string) => readonly Statement[];
}

/** A bucket that is private, versioned, encrypted, reached over TLS only, and swept by lifecycle rules. */
export class PrivateBucket extends Construct {
  readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { name, noncurrentDays, expirationDays, preventDestroy = false, statements = () => [] } = props;
    this.bucket = new S3Bucket(this, "bucket", { bucket: name, lifecycle: { preventDestroy } });
    const { bucket } = this.bucket;

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
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    // SSE-S3: a KMS key would add a grant to every role that reads, and a bucket key only helps KMS.
    new S3BucketServerSideEncryptionConfigurationA(this, "server-side-encryption-configuration", {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
          // S3 blocks it by itself in new buckets, and this provider would plan to lift that again and again:
          // https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    });
    new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument([
        denyWithoutTls("s3", this.bucket.arn, `${this.bucket.arn}/*`),
        ...statements(this.bucket.arn),
      ]),
      // S3 changes a bucket's public access block and policy one at a time, and answers 409 to two at once.
      dependsOn: [publicAccess],
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle-configuration", {
      bucket,
      rule: [...(expirationDays ? [expireObjects(expirationDays)] : []), ...sweep(noncurrentDays)],
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html
      dependsOn: [versioning],
    });
  }
}

/** A rule's filter has to be there; the empty prefix is the whole bucket. */
const everything = [{ prefix: "" }];

const expireObjects = (days: number): S3BucketLifecycleConfigurationRule => ({
  id: "expire-objects",
  status: "Enabled",
  filter: everything,
  expiration: [{ days }],
});

const sweep = (noncurrentDays: number): S3BucketLifecycleConfigurationRule[] => [
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
