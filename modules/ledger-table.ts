import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";

export interface LedgerTableProps {
  readonly name: string;
  /** Partition key, a string. */
  readonly keyAttribute: string;
  /** Attribute that holds the epoch second after which an item is deleted. */
  readonly expiryAttribute: string;
  readonly deletionProtection: boolean;
}

/** A table whose items expire: paid by request, encrypted with the service's own key, restorable to any second. */
export class LedgerTable extends Construct {
  readonly table: DynamodbTable;

  constructor(scope: Construct, id: string, props: LedgerTableProps) {
    super(scope, id);
    const { name, keyAttribute, expiryAttribute, deletionProtection } = props;
    this.table = new DynamodbTable(this, "table", {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: keyAttribute,
      attribute: [{ name: keyAttribute, type: "S" }],
      ttl: { attributeName: expiryAttribute, enabled: true },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: deletionProtection,
    });
  }
}
