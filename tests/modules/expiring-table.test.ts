import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ExpiringTable } from "../../modules/expiring-table.ts";
import { moduleStack } from "../helpers/module-stack.ts";

const table = (deletionProtection: boolean) =>
  moduleStack((stack) => {
    new ExpiringTable(stack, "book", {
      name: "a-book",
      keyAttribute: "key",
      expiryAttribute: "end",
      deletionProtection,
    });
  }).settings("aws_dynamodb_table.book");

const expiringTable = suite("expiring table");
expiringTable("has its key, deletes expired items, is paid per request, and can be restored", () => {
  assert.equal(table(false), {
    name: "a-book",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "key",
    attribute: [{ name: "key", type: "S" }],
    ttl: { attribute_name: "end", enabled: true },
    point_in_time_recovery: { enabled: true },
    deletion_protection_enabled: false,
    lifecycle: { prevent_destroy: false },
  });
});
expiringTable("is kept from being deleted, by AWS and by Terraform, when it is protected", () => {
  const { deletion_protection_enabled, lifecycle } = table(true);
  assert.equal([deletion_protection_enabled, lifecycle], [true, { prevent_destroy: true }]);
});
expiringTable.run();
