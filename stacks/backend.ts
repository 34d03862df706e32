import { S3Backend, type TerraformStack } from "cdktf";
import type { StateStore } from "../environments/state.ts";

/** Keeps a stack's state in the state bucket under the stack's name, with a lock file beside it. */
export function keepStateIn(stack: TerraformStack, { bucket, region }: StateStore): void {
  new S3Backend(stack, { bucket, region, key: `${stack.node.id}/terraform.tfstate`, encrypt: true });
  // cdktf 0.21 has no property for the lock file: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
