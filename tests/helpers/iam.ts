import { unmetCondition } from "../../packages/local-aws/src/iam/conditions.ts";
import { contextReader, type RequestContext, standardContext } from "../../packages/local-aws/src/iam/context.ts";
import { decide } from "../../packages/local-aws/src/iam/decide.ts";
import { type Policy, parsePolicy } from "../../packages/local-aws/src/iam/policy.ts";
import { rolePrincipal } from "../../packages/local-aws/src/iam/principal.ts";
import { readStack, type Stack } from "../../packages/local-aws/src/stack/stack-file.ts";
import type { SynthesizedStack } from "./synth.ts";

const unheard = "http://127.0.0.1:9";

/** A synthesized stack with its references filled, as an apply would see it. */
export const filled = ({ folder }: SynthesizedStack): Stack =>
  readStack(folder, { gatewayUrl: unheard, apiUrl: unheard, parameter: () => "made-up" });

/** Reads a policy of a role, a trust policy or a policy of a resource. */
export const policyOf = (document: unknown, kind: Policy["kind"] = "identity"): Policy =>
  parsePolicy(String(document), { name: kind, kind });

/** A role as AWS decides about it. */
export interface Limited {
  readonly arn: string;
  readonly policies: readonly Policy[];
  readonly boundary?: Policy;
  readonly resourcePolicies?: readonly Policy[];
}

/** Whether a role may do something. @param context the service's own condition keys */
export function may(role: Limited, action: string, resource: string, context: RequestContext = {}): boolean {
  const principal = rolePrincipal(role.arn, "session");
  const [, , , , accountId = ""] = role.arn.split(":");
  const common = standardContext({ principal, accountId, region: "us-east-1", now: new Date(0) });
  return decide({
    principal,
    action,
    resource,
    context: { ...common, ...context },
    identityPolicies: role.policies,
    boundary: role.boundary,
    resourcePolicies: role.resourcePolicies ?? [],
  }).allowed;
}

/** Whether somebody with a token of an identity provider may assume the role of a trust policy. @param claims by condition key */
export const maySignIn = (trust: Policy, provider: string, claims: RequestContext): boolean =>
  trust.statements.some(
    ({ effect, actions, principals, conditions }) =>
      effect === "Allow" &&
      actions.items.includes("sts:AssumeRoleWithWebIdentity") &&
      principals?.items.some(({ type, value }) => type === "Federated" && value === provider) &&
      unmetCondition(conditions, contextReader(claims), { read: undefined }) === undefined,
  );
