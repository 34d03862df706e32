import { LocalBackend, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { pascalCase } from "es-toolkit/string";
import type { StateStore } from "../environments/state.ts";
import { LeadwireError } from "../errors.ts";
import type { Statement } from "../modules/policy.ts";
import { PrivateBucket } from "../modules/private-bucket.ts";
import { keepStateIn, Stack } from "./stack.ts";

/** Where the state of the state bucket itself is: in a local file until the bucket exists, then in the bucket. */
export type StateBackend = "local" | "s3";

/** LEADWIRE_STATE_BACKEND names a place that cannot hold state. */
class UnknownStateBackendError extends LeadwireError {
  constructor(name: string) {
    super("UnknownStateBackend", `LEADWIRE_STATE_BACKEND is "${name}": it must be local or s3.`);
  }
}

/** Reads the name of a state backend. @throws UnknownStateBackendError for any other name than local and s3 */
export function stateBackendNamed(name: string): StateBackend {
  if (name !== "local" && name !== "s3") throw new UnknownStateBackendError(name);
  return name;
}

export interface StateBackendProps {
  readonly store: StateStore;
  readonly backend: StateBackend;
  /** Account of each stack of an enabled environment, which keeps its state here. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** Days for which an overwritten state can be restored. */
const noncurrentDays = 90;

/** The bucket with the state of every stack, its own included. */
export class StateBackendStack extends Stack {
  constructor(scope: Construct, id: string, { store, backend, accounts }: StateBackendProps) {
    super(scope, id, { account: store, environmentName: "state" });
    // Relative to the stack's folder in cdktf.out: the file is beside cdktf.json.
    if (backend === "local") new LocalBackend(this, { path: `../../../${id}.tfstate` });
    else keepStateIn(this, store);

    const guests = Object.entries(accounts).filter(([, account]) => account !== store.accountId);
    const { bucket } = new PrivateBucket(this, "state", {
      name: store.bucket,
      noncurrentDays,
      deletionProtection: true,
      statements: (bucketArn) => guests.flatMap(([stack, account]) => useOwnState(stack, account, bucketArn)),
    });
    new TerraformOutput(this, "state_bucket", { value: bucket.bucket });
  }
}

/**
 * What Terraform needs for the state of one stack and its lock file, for the account that the stack is in.
 * https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
 */
function useOwnState(stack: string, account: string, bucketArn: string): Statement[] {
  const name = pascalCase(stack);
  const principal = { AWS: `arn:aws:iam::${account}:root` };
  const state = `${bucketArn}/${stack}/terraform.tfstate`;
  return [
    // Without it a state that does not exist yet reads as forbidden, and the first init fails.
    { sid: `${name}ListsStates`, principal, actions: ["s3:ListBucket"], resources: [bucketArn] },
    {
      sid: `${name}UsesItsState`,
      principal,
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: [state, `${state}.tflock`],
    },
    { sid: `${name}Unlocks`, principal, actions: ["s3:DeleteObject"], resources: [`${state}.tflock`] },
  ];
}
