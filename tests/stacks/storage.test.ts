import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LedgerAttribute } from "../../functions/runtime/names.ts";
import { ref, synthesizedStack } from "../helpers/synth.ts";

const dev = await synthesizedStack("leadwire-dev");
const staging = await synthesizedStack("leadwire-staging");
const prod = await synthesizedStack("leadwire-prod");
const state = await synthesizedStack("leadwire-state");

const buckets = suite("stacks :: buckets");
const leftovers = (noncurrentDays: number) => {
  const rule = { status: "Enabled", filter: [{ prefix: "" }] };
  return [
    {
      id: "expire-noncurrent-versions",
      ...rule,
      noncurrent_version_expiration: [{ noncurrent_days: noncurrentDays }],
    },
    { id: "expire-delete-markers", ...rule, expiration: [{ expired_object_delete_marker: true }] },
    {
      id: "abort-incomplete-uploads",
      ...rule,
      abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
    },
  ];
};
const expireObjects = (days: number) => ({
  id: "expire-objects",
  status: "Enabled",
  filter: [{ prefix: "" }],
  expiration: [{ days }],
});
for (const [stack, name, bucketName, preventDestroy] of [
  [dev, "leads_bucket", "leadwire-dev-leads-111122223333", false],
  [state, "state", "leadwire-terraform-state-123456789012", true],
] as const) {
  const bucket = ref(`aws_s3_bucket.${name}.bucket`);
  buckets(`${name} is private, versioned and encrypted`, () => {
    assert.equal(stack.settings(`aws_s3_bucket.${name}`), {
      bucket: bucketName,
      lifecycle: { prevent_destroy: preventDestroy },
    });
    assert.equal(stack.settings(`aws_s3_bucket_public_access_block.${name}`), {
      bucket,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    assert.equal(stack.settings(`aws_s3_bucket_ownership_controls.${name}`), {
      bucket,
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
    assert.equal(stack.settings(`aws_s3_bucket_versioning.${name}`), {
      bucket,
      versioning_configuration: { status: "Enabled" },
    });
    assert.equal(stack.settings(`aws_s3_bucket_server_side_encryption_configuration.${name}`), {
      bucket,
      rule: [
        {
          apply_server_side_encryption_by_default: { sse_algorithm: "AES256" },
          blocked_encryption_types: ["SSE-C"],
        },
      ],
    });
  });
  buckets(`${name} gets its policy after its access block, its lifecycle after its versioning`, () => {
    const { policy: _, ...policy } = stack.settings(`aws_s3_bucket_policy.${name}`);
    assert.equal(policy, { bucket, depends_on: [`aws_s3_bucket_public_access_block.${name}`] });
    const { rule: __, ...lifecycle } = stack.settings(`aws_s3_bucket_lifecycle_configuration.${name}`);
    assert.equal(lifecycle, { bucket, depends_on: [`aws_s3_bucket_versioning.${name}`] });
  });
}
const lifecycle = (stack: typeof dev, name: string) =>
  stack.resource(`aws_s3_bucket_lifecycle_configuration.${name}`).rule;
buckets("leads go after the environment's days, what is left of them a week later", () => {
  assert.equal(lifecycle(dev, "leads_bucket"), [expireObjects(30), ...leftovers(7)]);
  assert.equal(lifecycle(staging, "leads_bucket"), [expireObjects(90), ...leftovers(7)]);
  assert.equal(lifecycle(prod, "leads_bucket"), [expireObjects(365), ...leftovers(7)]);
});
buckets("states never expire, and overwritten ones can be restored for 90 days", () => {
  assert.equal(lifecycle(state, "state"), leftovers(90));
});
buckets.run();

const ledger = suite("stacks :: ledger");
ledger("is keyed, expires, and is paid by request", () => {
  assert.equal(dev.settings("aws_dynamodb_table.ledger"), {
    name: "leadwire-dev-ledger",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: LedgerAttribute.id,
    attribute: [{ name: LedgerAttribute.id, type: "S" }],
    ttl: { attribute_name: LedgerAttribute.expiresAt, enabled: true },
    point_in_time_recovery: { enabled: true },
    deletion_protection_enabled: false,
  });
});
ledger("is protected from deletion where the environment says so", () => {
  const protection = [dev, staging, prod].map(
    (stack) => stack.resource("aws_dynamodb_table.ledger").deletion_protection_enabled,
  );
  assert.equal(protection, [false, true, true]);
});
ledger.run();

const backend = suite("stacks :: backend");
backend("each stack keeps its state under its own name, locked by a file", () => {
  const backends = [dev, staging, prod, state].map(({ file }) => file.terraform.backend.s3);
  const expected = ["dev", "staging", "prod", "state"].map((name) => ({
    bucket: "leadwire-terraform-state-123456789012",
    region: "us-east-1",
    key: `leadwire-${name}/terraform.tfstate`,
    encrypt: true,
    use_lockfile: true,
  }));
  assert.equal(backends, expected);
});
backend("Terraform is new enough for the lock file", () => {
  for (const { file } of [dev, staging, prod, state]) assert.is(file.terraform.required_version, ">= 1.10.0");
});
backend("the provider works in the stack's account only, and tags all that it makes", () => {
  const provider = (environment: string, account: string) => [
    {
      region: "us-east-1",
      allowed_account_ids: [account],
      default_tags: [{ tags: { project: "leadwire", environment, "managed-by": "terraform" } }],
    },
  ];
  assert.equal(
    [dev, staging, prod, state].map(({ file }) => file.provider.aws),
    [
      provider("dev", "111122223333"),
      provider("staging", "444455556666"),
      provider("prod", "777788889999"),
      provider("state", "123456789012"),
    ],
  );
});
backend.run();
