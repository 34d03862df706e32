import { suite } from "uvu";
import * as assert from "uvu/assert";
import { EventBucket } from "../../modules/event-bucket.ts";
import { moduleStack } from "../helpers/module-stack.ts";
import { type Block, ref } from "../helpers/synth.ts";

const stack = moduleStack((scope) => void new EventBucket(scope, "inbox", { name: "an-inbox", expirationDays: 33 }));

const eventBucket = suite("event bucket");
eventBucket("sends an event to EventBridge for every new object", () => {
  assert.equal(stack.settings("aws_s3_bucket_notification.inbox"), {
    bucket: ref("aws_s3_bucket.inbox.bucket"),
    eventbridge: true,
  });
});
eventBucket("deletes objects after the caller's days, and old versions a week later", () => {
  const rules = stack.settings("aws_s3_bucket_lifecycle_configuration.inbox").rule as Block[];
  assert.equal(
    rules.map(({ id, expiration, noncurrent_version_expiration }) => [id, expiration ?? noncurrent_version_expiration]),
    [
      ["expire-objects", [{ days: 33 }]],
      ["expire-noncurrent-versions", [{ noncurrent_days: 15 }]],
      ["expire-delete-markers", [{ expired_object_delete_marker: true }]],
      ["abort-incomplete-uploads", undefined],
    ],
  );
});
eventBucket("is a private bucket of its name", () => {
  assert.is(stack.settings("aws_s3_bucket.inbox").bucket, "an-inbox");
  assert.ok(stack.addresses.includes("aws_s3_bucket_public_access_block.inbox"));
});
eventBucket.run();
