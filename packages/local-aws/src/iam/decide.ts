import { type Condition, unmetCondition } from "./conditions.ts";
import { type ContextReader, contextReader, type RequestContext } from "./context.ts";
import { expand, matchesPattern, type Variables } from "./patterns.ts";
import type { Listing, Policy, Statement } from "./policy.ts";
import { matchPrincipals, type Principal, type PrincipalMatch } from "./principal.ts";

export interface AccessRequest {
  readonly principal: Principal;
  /** For example `sqs:SendMessage`. */
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  readonly identityPolicies: readonly Policy[];
  /** What limits the role. @default nothing */
  readonly boundary?: Policy | undefined;
  /** The resource's own policies, or the role's trust policy for `sts:AssumeRole`. */
  readonly resourcePolicies: readonly Policy[];
}

/** Which statement decided, or nearly did. */
interface StatementReference {
  readonly policy: Policy;
  readonly index: number;
  readonly statement: Statement;
}

/** A statement as a policy document would have it. */
type StatementJson = Readonly<Record<string, unknown>>;

export type Decision =
  | { readonly allowed: true; readonly reason: "allowed"; readonly statement: StatementReference }
  | { readonly allowed: false; readonly reason: "explicitDeny"; readonly statement: StatementReference }
  | {
      readonly allowed: false;
      readonly reason: "implicitDeny";
      readonly neededStatement: StatementJson;
      /** An Allow that would have matched but for this condition. */
      readonly unmet?: { readonly statement: StatementReference; readonly condition: Condition };
      /** The role's permissions boundary, when it alone does not allow the request. */
      readonly boundary?: Policy;
    };

export type Denial = Exclude<Decision, { allowed: true }>;

interface Applicable extends StatementReference {
  readonly match: PrincipalMatch;
  readonly unmet: Condition | undefined;
}

/**
 * A boundary limits what a resource's policy allows a role too, as AWS does it for a principal that is the role and not its
 * session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function decide(request: AccessRequest): Decision {
  const read = contextReader(request.context);
  const applicable = [...request.identityPolicies, ...request.resourcePolicies].flatMap((policy) =>
    applicableStatements(policy, request, read),
  );
  const limiting = request.boundary ? applicableStatements(request.boundary, request, read) : [];
  const denying = [...applicable, ...limiting].find(({ statement, unmet }) => statement.effect === "Deny" && !unmet);
  if (denying) return { allowed: false, reason: "explicitDeny", statement: reference(denying) };

  const allows = applicable.filter(({ statement, match }) => statement.effect === "Allow" && match === "direct");
  const allowing = allows.find(({ unmet }) => !unmet);
  const { boundary } = request;
  const isLimited = boundary && !limiting.some(({ statement, unmet }) => statement.effect === "Allow" && !unmet);
  if (allowing && !isLimited) return { allowed: true, reason: "allowed", statement: reference(allowing) };

  const neededStatement = neededFor(request, read);
  if (allowing && isLimited) return { allowed: false, reason: "implicitDeny", neededStatement, boundary };
  const [nearest] = allows;
  if (!nearest?.unmet) return { allowed: false, reason: "implicitDeny", neededStatement };
  const unmet = { statement: reference(nearest), condition: nearest.unmet };
  return { allowed: false, reason: "implicitDeny", neededStatement, unmet };
}

function applicableStatements(policy: Policy, request: AccessRequest, read: ContextReader): Applicable[] {
  const variables = { read: policy.hasVariables ? read : undefined };
  return policy.statements.flatMap((statement, index) => {
    const match = principalMatch(statement, request.principal);
    if (match === "none" || !listsAction(statement.actions, request.action)) return [];
    if (statement.resources && !listsResource(statement.resources, request.resource, variables)) return [];
    const unmet = unmetCondition(statement.conditions, read, variables);
    return [{ policy, index, statement, match, unmet }];
  });
}

function principalMatch({ principals }: Statement, principal: Principal): PrincipalMatch {
  // An identity policy speaks of the role that it is attached to, and services have none.
  if (!principals) return principal.type === "role" ? "direct" : "none";
  const match = matchPrincipals(principals.items, principal);
  if (!principals.inverted) return match;
  return match === "none" ? "direct" : "none";
}

function listsAction({ items, inverted }: Listing<string>, action: string): boolean {
  const listed = items.some((item) => matchesPattern(expand(item, { read: undefined }) ?? [], action, "i"));
  return listed !== inverted;
}

function listsResource({ items, inverted }: Listing<string>, resource: string, variables: Variables): boolean {
  const listed = items.some((item) => {
    const pattern = expand(item, variables);
    return pattern !== undefined && matchesPattern(pattern, resource);
  });
  return listed !== inverted;
}

function reference({ policy, index, statement }: StatementReference): StatementReference {
  return { policy, index, statement };
}

function neededFor({ principal, action, resource, resourcePolicies }: AccessRequest, read: ContextReader) {
  if (principal.type === "role") return { Effect: "Allow", Action: action, Resource: resource };
  const isTrust = resourcePolicies.some(({ kind }) => kind === "trust");
  const [sourceArn] = read("aws:SourceArn") ?? [];
  return {
    Effect: "Allow",
    Principal: { Service: principal.service },
    Action: action,
    ...(isTrust ? {} : { Resource: resource }),
    ...(sourceArn === undefined ? {} : { Condition: { ArnEquals: { "aws:SourceArn": sourceArn } } }),
  };
}
