import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { state as store } from "../../environments/state.ts";
import { LedgerAttribute } from "../../functions/runtime/names.ts";
import { ref, type SynthesizedStack, shippedStacks, synthesizedStack } from "../helpers/synth.ts";
import { stackOf, testStacks, unusual as unusualEnvironment } from "../helpers/unusual-environment.ts";

const { plain, unusual } = await testStacks();
const shipped = await shippedStacks();
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
for (const [stack, name, bucketName, isProtected] of [
  [plain, "leads_bucket", "leadwire-plain-leads-333344445555", false],
  [state, "state", "leadwire-terraform-state-123456789012", true],
] as const) {
  const bucket = ref(`aws_s3_bucket.${name}.bucket`);
  buckets(`${name} is private, versioned and encrypted`, () => {
    assert.equal(stack.settings(`aws_s3_bucket.${name}`), {
      bucket: bucketName,
      force_destroy: !isProtected,
      lifecycle: { prevent_destroy: isProtected },
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
const lifecycle = (stack: SynthesizedStack, name: string) =>
  stack.resource(`aws_s3_bucket_lifecycle_configuration.${name}`).rule;
buckets("leads go after the environment's days, what is left of them 15 days later", () => {
  assert.equal(lifecycle(plain, "leads_bucket"), [expireObjects(99), ...leftovers(15)]);
  for (const [name, stack] of shipped) {
    const days = environments[name].leadRetentionDays;
    assert.equal(lifecycle(stack, "leads_bucket"), [expireObjects(days), ...leftovers(15)]);
  }
});
buckets("overwritten leads can be read for as long as a message or a dead letter can point to them", () => {
  const tuning = { ...unusualEnvironment.tuning, enrich: { deadLetterRetentionSeconds: 14 * 86_400 } };
  const long = stackOf({ ...unusualEnvironment, tuning, giveUpAfterHours: 240 });
  assert.equal(lifecycle(long, "leads_bucket"), [expireObjects(99), ...leftovers(25)]);
  const short = stackOf({ ...unusualEnvironment, tuning, giveUpAfterHours: 1 });
  assert.equal(lifecycle(short, "leads_bucket"), [expireObjects(99), ...leftovers(16)]);
});
buckets("states never expire, and overwritten ones can be restored for 90 days", () => {
  assert.equal(lifecycle(state, "state"), leftovers(90));
});
buckets.run();

const ledger = suite("stacks :: ledger");
ledger("is keyed, expires, and is paid by request", () => {
  assert.equal(plain.settings("aws_dynamodb_table.ledger"), {
    name: "leadwire-plain-ledger",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: LedgerAttribute.id,
    attribute: [{ name: LedgerAttribute.id, type: "S" }],
    ttl: { attribute_name: LedgerAttribute.expiresAt, enabled: true },
    point_in_time_recovery: { enabled: true },
    deletion_protection_enabled: false,
    lifecycle: { prevent_destroy: false },
  });
});
ledger("is protected from deletion where the environment says so, and so is the bucket", () => {
  const protection = (stack: SynthesizedStack) => {
    const table = stack.resource("aws_dynamodb_table.ledger");
    const bucket = stack.resource("aws_s3_bucket.leads_bucket");
    return [table.deletion_protection_enabled, table.lifecycle, bucket.lifecycle, bucket.force_destroy];
  };
  const expected = (is: boolean) => [is, { prevent_destroy: is }, { prevent_destroy: is }, !is];
  assert.equal([plain, unusual].map(protection), [false, true].map(expected));
  for (const [name, stack] of shipped) {
    assert.equal(protection(stack), expected(environments[name].deletionProtection), name);
  }
});
ledger.run();

const backend = suite("stacks :: backend");
const all = [...shipped, ["state", state] as const];
backend("each stack keeps its state under its own name, locked by a file", () => {
  for (const [name, { file }] of all) {
    assert.equal(file.terraform.backend.s3, {
      bucket: "leadwire-terraform-state-123456789012",
      region: "us-east-1",
      key: `leadwire-${name}/terraform.tfstate`,
      encrypt: true,
      use_lockfile: true,
    });
  }
});
backend("Terraform is new enough for the lock file", () => {
  for (const [, { file }] of all) assert.is(file.terraform.required_version, ">= 1.10.0");
});
backend("the provider works in the stack's account only, and tags all that it makes", () => {
  for (const [name, { file }] of all) {
    const { accountId, region } = name === "state" ? store : environments[name];
    assert.equal(file.provider.aws, [
      {
        region,
        allowed_account_ids: [accountId],
        default_tags: [{ tags: { project: "leadwire", environment: name, "managed-by": "terraform" } }],
      },
    ]);
  }
});
backend.run();
