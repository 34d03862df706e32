import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { S3Backend, type TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Account } from "../environments/environment.ts";
import type { StateStore } from "../environments/state.ts";
import { checkLengths, type Resources } from "../modules/longest-values.ts";

export interface StackProps {
  readonly account: Account;
  /** Value of the tag `environment`. */
  readonly environmentName: string;
}

/** Settings of the provider for an account: it refuses to work in any other, and tags all that it makes. */
export const providerOf = ({ accountId, region }: Account, environmentName: string) => ({
  region,
  allowedAccountIds: [accountId],
  defaultTags: [{ tags: { project: "leadwire", environment: environmentName, "managed-by": "terraform" } }],
});

/** A stack in one account. Its resources have addresses that people can read and type. */
export class Stack extends TerraformStack {
  /** Path of the construct that has an address. */
  private readonly addresses = new Map<string, string>();

  constructor(scope: Construct, id: string, { account, environmentName }: StackProps) {
    super(scope, id);
    new AwsProvider(this, "aws", providerOf(account, environmentName));
    // use_lockfile came with Terraform 1.10.
    this.addOverride("terraform.required_version", ">= 1.10.0");
  }

  /** The stack as Terraform's JSON. @throws ValueTooLongError if AWS would refuse a value of it for its length */
  override toTerraform(): { readonly resource?: Resources } {
    const json: { readonly resource?: Resources } = super.toTerraform();
    checkLengths(json.resource ?? {});
    return json;
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

/** Keeps a stack's state in the state bucket under the stack's name, with a lock file beside it. */
export function keepStateIn(stack: TerraformStack, { bucket, region }: StateStore): void {
  new S3Backend(stack, { bucket, region, key: `${stack.node.id}/terraform.tfstate`, encrypt: true });
  // cdktf 0.21 has no property for the lock file: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}

const snakeCase = (id: string) => id.replaceAll("-", "_");
