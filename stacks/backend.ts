import { S3Backend, type TerraformStack } from "cdktf";
import type { StateStore } from "../environments/state.ts";

/** Keeps a stack's state in the state bucket under the stack's own name, locked by a file beside it. */
export function keepStateIn(stack: TerraformStack, { bucket, region }: StateStore): void {
  new S3Backend(stack, { bucket, region, key: `${stack.node.id}/terraform.tfstate`, encrypt: true });
  // cdktf 0.21 has no property for it: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
