import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PrivateBucket } from "../../modules/private-bucket.ts";
import { deniedWithoutTls, moduleStack } from "../helpers/module-stack.ts";
import { ref } from "../helpers/synth.ts";

const bucket = ref("aws_s3_bucket.box.bucket");
const arn = ref("aws_s3_bucket.box.arn");
const plain = moduleStack((stack) => {
  new PrivateBucket(stack, "box", { name: "a-box", noncurrentDays: 9, deletionProtection: false });
});
const guest = { sid: "Guest", principal: { AWS: "arn:aws:iam::111122223333:root" }, actions: ["s3:GetObject"] };
const full = moduleStack((stack) => {
  new PrivateBucket(stack, "box", {
    name: "a-box",
    noncurrentDays: 9,
    expirationDays: 40,
    sendsEvents: true,
    deletionProtection: true,
    statements: (bucketArn) => [{ ...guest, resources: [`${bucketArn}/guest`] }],
  });
});

const privateBucket = suite("private bucket");
privateBucket("is destroyed with its objects when it is not protected", () => {
  assert.equal(plain.settings("aws_s3_bucket.box"), {
    bucket: "a-box",
    force_destroy: true,
    lifecycle: { prevent_destroy: false },
  });
});
privateBucket("is kept from being destroyed or emptied when it is protected", () => {
  assert.equal(full.settings("aws_s3_bucket.box"), {
    bucket: "a-box",
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
  });
});
privateBucket("sends an event to EventBridge for every new object when asked for, and otherwise none", () => {
  assert.equal(full.settings("aws_s3_bucket_notification.box"), { bucket, eventbridge: true });
  assert.not.ok(plain.addresses.includes("aws_s3_bucket_notification.box"));
});
privateBucket("blocks public access of every kind", () => {
  assert.equal(plain.settings("aws_s3_bucket_public_access_block.box"), {
    bucket,
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
});
privateBucket("has no access lists: the account owns every object", () => {
  assert.equal(plain.settings("aws_s3_bucket_ownership_controls.box"), {
    bucket,
    rule: { object_ownership: "BucketOwnerEnforced" },
  });
});
privateBucket("keeps versions", () => {
  assert.equal(plain.settings("aws_s3_bucket_versioning.box"), {
    bucket,
    versioning_configuration: { status: "Enabled" },
  });
});
privateBucket("is encrypted by S3's key, and refuses keys of the caller", () => {
  assert.equal(plain.settings("aws_s3_bucket_server_side_encryption_configuration.box"), {
    bucket,
    rule: [
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" }, blocked_encryption_types: ["SSE-C"] },
    ],
  });
});
privateBucket(
  "refuses every action on bucket and objects without TLS, and gets its policy after the access block",
  () => {
    const { policy, ...rest } = plain.settings("aws_s3_bucket_policy.box");
    assert.equal(rest, { bucket, depends_on: ["aws_s3_bucket_public_access_block.box"] });
    assert.equal(JSON.parse(String(policy)), {
      Version: "2012-10-17",
      Statement: [deniedWithoutTls("s3", arn, `${arn}/*`)],
    });
  },
);
privateBucket("allows what the caller's statements allow, besides the refusal", () => {
  assert.equal(full.statements("aws_s3_bucket_policy.box"), [
    deniedWithoutTls("s3", arn, `${arn}/*`),
    {
      Sid: "Guest",
      Effect: "Allow",
      Principal: guest.principal,
      Action: ["s3:GetObject"],
      Resource: [`${arn}/guest`],
    },
  ]);
});
const leftovers = [
  {
    id: "expire-noncurrent-versions",
    status: "Enabled",
    filter: [{ prefix: "" }],
    noncurrent_version_expiration: [{ noncurrent_days: 9 }],
  },
  {
    id: "expire-delete-markers",
    status: "Enabled",
    filter: [{ prefix: "" }],
    expiration: [{ expired_object_delete_marker: true }],
  },
  {
    id: "abort-incomplete-uploads",
    status: "Enabled",
    filter: [{ prefix: "" }],
    abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
  },
];
privateBucket("deletes old versions, delete markers and incomplete uploads, after versioning is on", () => {
  assert.equal(plain.settings("aws_s3_bucket_lifecycle_configuration.box"), {
    bucket,
    rule: leftovers,
    depends_on: ["aws_s3_bucket_versioning.box"],
  });
});
privateBucket("deletes objects after the caller's days", () => {
  const expiry = { id: "expire-objects", status: "Enabled", filter: [{ prefix: "" }], expiration: [{ days: 40 }] };
  assert.equal(full.settings("aws_s3_bucket_lifecycle_configuration.box").rule, [expiry, ...leftovers]);
});
privateBucket.run();
