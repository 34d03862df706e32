import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { type TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Account } from "../environments/environment.ts";

export interface StackProps {
  readonly account: Account;
  /** Value of the tag `environment`. */
  readonly environmentName: string;
}

/** A stack in one account. Its resources have addresses that people can read and type. */
export class Stack extends TerraformStack {
  /** Path of the construct that has an address. */
  private readonly addresses = new Map<string, string>();

  constructor(scope: Construct, id: string, { account, environmentName }: StackProps) {
    super(scope, id);
    new AwsProvider(this, "aws", {
      region: account.region,
      allowedAccountIds: [account.accountId],
      defaultTags: [{ tags: { project: "leadwire", environment: environmentName, "managed-by": "terraform" } }],
    });
    // use_lockfile came with Terraform 1.10.
    this.addOverride("terraform.required_version", ">= 1.10.0");
  }

  /**
   * Names a resource by the path of its construct, without a hash, and without a last part that repeats the resource's type:
   * the queue of `leads` is `aws_sqs_queue.leads`.
   */
  protected override allocateLogicalId(element: TerraformElement): string {
    const path = element.node.path.split("/").slice(1);
    const own = snakeCase(path.at(-1) ?? "");
    const type = TerraformResource.isTerraformResource(element)
      ? element.terraformResourceType
      : element.constructor.name;
    const repeatsType = type.endsWith(`_${own}`);
    const parts = repeatsType && path.length > 1 ? path.slice(0, -1) : path;
    const name = parts
      .filter((part) => part !== "Default")
      .map(snakeCase)
      .join("_");
    this.claim(`${type}.${name}`, element.node.path);
    return name;
  }

  /** Refuses a second element with the same address, because both would become one in the JSON. */
  private claim(address: string, path: string): void {
    const owner = this.addresses.get(address) ?? path;
    if (owner !== path) throw new Error(`${path} and ${owner} are both ${address}: one needs another id.`);
    this.addresses.set(address, path);
  }
}

const snakeCase = (id: string) => id.replaceAll("-", "_");
