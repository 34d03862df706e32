import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LedgerAttribute } from "../../functions/runtime/names.ts";
import { type Block, synthesizedStack } from "../helpers/synth.ts";

const dev = await synthesizedStack("leadwire-dev");
const staging = await synthesizedStack("leadwire-staging");
const prod = await synthesizedStack("leadwire-prod");
const state = await synthesizedStack("leadwire-state");

const buckets = suite("stacks :: buckets");
const both = [
  [dev, "leads_bucket"],
  [state, "state"],
] as const;
for (const [stack, name] of both) {
  buckets(`${name} is private, versioned and encrypted`, () => {
    const { "//": _, bucket: __, ...access } = stack.resource(`aws_s3_bucket_public_access_block.${name}`);
    assert.equal(access, {
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    assert.equal(stack.resource(`aws_s3_bucket_ownership_controls.${name}`).rule, {
      object_ownership: "BucketOwnerEnforced",
    });
    assert.equal(stack.resource(`aws_s3_bucket_versioning.${name}`).versioning_configuration, { status: "Enabled" });
    assert.equal(stack.resource(`aws_s3_bucket_server_side_encryption_configuration.${name}`).rule, [
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "AES256" },
        blocked_encryption_types: ["SSE-C"],
      },
    ]);
  });
}
const lifecycle = (stack: typeof dev, name: string) =>
  stack.resource(`aws_s3_bucket_lifecycle_configuration.${name}`).rule as Block[];
buckets("leads go after the environment's days, what is left of them a week later", () => {
  const [expiry] = lifecycle(dev, "leads_bucket");
  assert.equal(expiry?.expiration, [{ days: 30 }]);
  assert.equal(lifecycle(prod, "leads_bucket")[0]?.expiration, [{ days: 365 }]);
  const sweep = lifecycle(dev, "leads_bucket").find(({ id }) => id === "expire-noncurrent-versions");
  assert.equal(sweep?.noncurrent_version_expiration, [{ noncurrent_days: 7 }]);
});
buckets("states never expire, and Terraform refuses to destroy them", () => {
  assert.equal(
    lifecycle(state, "state").map(({ id }) => id),
    ["expire-noncurrent-versions", "expire-delete-markers", "abort-incomplete-uploads"],
  );
  assert.equal(state.resource("aws_s3_bucket.state").lifecycle, { prevent_destroy: true });
});
buckets("every lifecycle rule is about the whole bucket", () => {
  for (const rule of [...lifecycle(dev, "leads_bucket"), ...lifecycle(state, "state")]) {
    assert.equal([rule.status, rule.filter], ["Enabled", [{ prefix: "" }]]);
  }
});
buckets.run();

const ledger = suite("stacks :: ledger");
ledger("is keyed, expires, and is paid by request", () => {
  const table = dev.resource("aws_dynamodb_table.ledger");
  assert.equal([table.billing_mode, table.hash_key], ["PAY_PER_REQUEST", LedgerAttribute.id]);
  assert.equal(table.attribute, [{ name: LedgerAttribute.id, type: "S" }]);
  assert.equal(table.ttl, { attribute_name: LedgerAttribute.expiresAt, enabled: true });
  assert.equal(table.point_in_time_recovery, { enabled: true });
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
  assert.is(dev.file.terraform.required_version, ">= 1.10.0");
});
backend("the provider works in the environment's account only, and tags all that it makes", () => {
  const tags = (environment: string) => [{ tags: { project: "leadwire", environment, "managed-by": "terraform" } }];
  assert.equal(
    [dev, prod].map(({ file }) => file.provider.aws),
    [
      [{ region: "us-east-1", allowed_account_ids: ["111122223333"], default_tags: tags("dev") }],
      [{ region: "us-east-1", allowed_account_ids: ["777788889999"], default_tags: tags("prod") }],
    ],
  );
});
backend.run();
