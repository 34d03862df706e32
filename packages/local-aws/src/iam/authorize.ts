import type { Refusal } from "./access-denied.ts";
import { requirementsOf, type ServiceName } from "./actions.ts";
import { standardContext } from "./context.ts";
import { decide } from "./decide.ts";
import type { Policy } from "./policy.ts";
import type { Principal } from "./principal.ts";
import type { ApiCall, Requirement, Surroundings } from "./requirement.ts";

export interface Caller {
  readonly principal: Principal;
  /** The role's policies; none for a service. */
  readonly policies: readonly Policy[];
  /** The role's permissions boundary. */
  readonly boundary?: Policy | undefined;
  /** The rule, alarm or API on whose behalf a service calls. */
  readonly sourceArn?: string;
  /** The function whose code calls. */
  readonly functionArn?: string;
}

export interface Account extends Surroundings {
  /** The policies on a queue, topic, bucket or function, by ARN; an object's are its bucket's. */
  readonly resourcePoliciesOf: (resource: string) => readonly Policy[];
  readonly now: () => Date;
}

/** The first permission of a call that its caller lacks; undefined when the call may go ahead. */
export function authorize(service: ServiceName, call: ApiCall, caller: Caller, account: Account): Refusal | undefined {
  return firstRefusal(service, requirementsOf(service, call, account), caller, account);
}

export function firstRefusal(
  service: ServiceName,
  requirements: readonly Requirement[],
  caller: Caller,
  account: Account,
): Refusal | undefined {
  const { principal, policies, boundary, ...origin } = caller;
  const { accountId, region } = account;
  const common = standardContext({ principal, accountId, region, now: account.now(), ...origin });
  for (const requirement of requirements) {
    const decision = decide({
      principal,
      action: requirement.action,
      resource: requirement.resource,
      context: { ...common, ...requirement.context },
      identityPolicies: policies,
      boundary,
      resourcePolicies: account.resourcePoliciesOf(policyOwner(requirement.resource)),
    });
    if (!decision.allowed) return { service, principal, requirement, decision };
  }
  return undefined;
}

/** Objects have no policies of their own, their bucket has. */
function policyOwner(resource: string): string {
  return resource.startsWith("arn:aws:s3:::") ? resource.replace(/\/.*$/s, "") : resource;
}
