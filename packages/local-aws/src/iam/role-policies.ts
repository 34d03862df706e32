import { UnsupportedStackError } from "../errors.ts";
import { optionalText, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";
import { type Policy, parsePolicy } from "./policy.ts";

/** A role of the stack. */
export interface Role {
  readonly arn: string;
  /** Who may take it on. */
  readonly trust: Policy;
  /** What it may do. */
  readonly policies: readonly Policy[];
  /** What limits that. */
  readonly boundary?: Policy;
}

/** Finds the document of a permissions boundary by the policy's ARN. */
export type BoundaryDocument = (policyArn: string, stack: Stack) => string | undefined;

/** Other ways to give a role permissions: not simulated, so a stack with one of them is refused. */
const elsewhere = [
  "aws_iam_role_policy_attachment",
  "aws_iam_policy_attachment",
  "aws_iam_role_policies_exclusive",
  "aws_iam_role_policy_attachments_exclusive",
];
const within = ["inline_policy", "managed_policy_arns"];

function checkSupported(stack: Stack, roles: readonly Resource[]): void {
  for (const type of elsewhere) {
    const [other] = stack.of(type);
    if (other)
      throw new UnsupportedStackError(other.address, "local-aws reads a role's policies from aws_iam_role_policy.");
  }
  for (const { address, values } of roles) {
    const set = within.find((name) => values[name] !== undefined);
    if (set) throw new UnsupportedStackError(address, `local-aws does not simulate ${set} of a role.`);
  }
}

/** @throws UnsupportedStackError for a boundary whose document is not known, so that no limit is overlooked */
function boundaryOf(stack: Stack, role: Resource, document: BoundaryDocument): Policy | undefined {
  const name = optionalText(role, "permissions_boundary");
  if (name === undefined) return undefined;
  const text = document(name, stack);
  if (text === undefined) {
    throw new UnsupportedStackError(role.address, `local-aws was not given the document of the boundary ${name}.`);
  }
  return parsePolicy(text, { name, kind: "identity" });
}

/**
 * The stack's roles by their ARNs.
 * @param document of a permissions boundary. @default no boundary is known
 * @throws PolicyError for a document that IAM would refuse
 * @throws UnsupportedStackError
 */
export function rolesOf(stack: Stack, document: BoundaryDocument = () => undefined): ReadonlyMap<string, Role> {
  const roles = stack.of("aws_iam_role");
  checkSupported(stack, roles);
  const attached = stack.of("aws_iam_role_policy");
  const entries = roles.map((role) => {
    const name = textField(role, "name");
    const arn = textField(role, "arn");
    const policies = attached
      .filter(({ values }) => values.role === name)
      .map((policy) => parsePolicy(textField(policy, "policy"), { name: policy.address, kind: "identity" }));
    const trust = parsePolicy(textField(role, "assume_role_policy"), { name: role.address, kind: "trust" });
    const boundary = boundaryOf(stack, role, document);
    return [arn, { arn, trust, policies, ...(boundary && { boundary }) }] as const;
  });
  return new Map(entries);
}
