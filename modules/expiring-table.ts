import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";

export interface ExpiringTableProps {
  readonly name: string;
  /** Name of the partition key, a string. */
  readonly keyAttribute: string;
  /** Name of the sort key, a string. @default there is none */
  readonly sortAttribute?: string;
  /** Name of the attribute with the time after which an item is deleted, in seconds since 1970. */
  readonly expiryAttribute: string;
  /** AWS refuses to delete the table, and Terraform refuses to plan it. */
  readonly deletionProtection: boolean;
}

/**
 * A DynamoDB table whose items expire. It is paid per request, encrypted with DynamoDB's own key, and can be restored to any
 * second of the last 35 days.
 */
export class ExpiringTable extends Construct {
  readonly table: DynamodbTable;

  constructor(scope: Construct, id: string, props: ExpiringTableProps) {
    super(scope, id);
    const { name, keyAttribute, sortAttribute, expiryAttribute, deletionProtection } = props;
    this.table = new DynamodbTable(this, "table", {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: keyAttribute,
      ...(sortAttribute && { rangeKey: sortAttribute }),
      attribute: [keyAttribute, ...(sortAttribute ? [sortAttribute] : [])].map((key) => ({ name: key, type: "S" })),
      ttl: { attributeName: expiryAttribute, enabled: true },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: deletionProtection,
      lifecycle: { preventDestroy: deletionProtection },
    });
  }
}
