import type { Caller as ApiCaller, Authorize, Call } from "../aws/call.ts";
import { sesSettings } from "../aws/ses-settings.ts";
import { field, optionalText } from "../stack/fields.ts";
import type { Stack } from "../stack/stack-file.ts";
import type { Refusal } from "./access-denied.ts";
import { type Account, authorize, type Caller } from "./authorize.ts";
import { DenialLog } from "./denials.ts";
import { rolePrincipal, servicePrincipal } from "./principal.ts";
import { resourcePolicies } from "./resource-policies.ts";
import { type BoundaryDocument, type Role, rolesOf } from "./role-policies.ts";

/** Decides every call by the policies of the stack, and keeps what was denied. */
export class Permissions {
  readonly denials = new DenialLog();
  readonly account: Account;
  readonly #roles: ReadonlyMap<string, Role>;

  /**
   * @param boundary document of a permissions boundary that the stack only names
   * @throws PolicyError for a policy that IAM would refuse
   */
  constructor(stack: Stack, boundary?: BoundaryDocument) {
    this.#roles = rolesOf(stack, boundary);
    this.account = accountOf(stack);
  }

  /** Undefined for a role that the stack does not hold. */
  role(arn: string): Role | undefined {
    return this.#roles.get(arn);
  }

  /** The person at this machine may do anything. */
  readonly authorize: Authorize = (call) => {
    if (call.caller.kind === "operator") return undefined;
    const refusal = authorize(call.service, call, this.callerOf(call.caller), this.account);
    if (refusal) this.#note(call, refusal);
    return refusal;
  };

  callerOf(caller: Exclude<ApiCaller, { kind: "operator" }>): Caller {
    if (caller.kind === "service") {
      return { principal: servicePrincipal(caller.principal), policies: [], sourceArn: caller.sourceArn };
    }
    const { roleArn, name, functionArn } = caller;
    const { policies = [], boundary } = this.role(roleArn) ?? {};
    return { principal: rolePrincipal(roleArn, name), policies, boundary, functionArn };
  }

  #note({ caller, service }: Call, { requirement, decision }: Refusal): void {
    const { action, resource } = requirement;
    // Log streams have random names, which would make each denial a line of its own.
    const reported = service === "logs" ? resource.replace(/:log-stream:.*$/, ":*") : resource;
    const needed =
      decision.reason === "explicitDeny"
        ? decision
        : { ...decision, neededStatement: { ...decision.neededStatement, Resource: reported } };
    this.denials.add({ caller: caller.name, action, resource: reported, decision: needed });
  }
}

function accountOf(stack: Stack): Account {
  const { account: accountId, region } = stack.place;
  const { identities, sandbox } = sesSettings(stack);
  const tables = stack.of("aws_dynamodb_table");
  const policies = resourcePolicies(stack);
  return {
    accountId,
    region,
    sesSandbox: sandbox,
    sesIdentities: identities,
    partitionKeyOf: (name) => {
      const table = tables.find((candidate) => field(candidate, "name") === name);
      return table && optionalText(table, "hash_key");
    },
    resourcePoliciesOf: (arn) => policies.get(arn) ?? [],
    now: () => new Date(),
  };
}
