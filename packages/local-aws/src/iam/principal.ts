export interface RolePrincipal {
  readonly type: "role";
  readonly accountId: string;
  readonly roleArn: string;
  /** Who AccessDenied messages name. */
  readonly sessionArn: string;
}

export interface ServicePrincipal {
  readonly type: "service";
  /** For example `events.amazonaws.com`. */
  readonly service: string;
}

export type Principal = RolePrincipal | ServicePrincipal;

/** A session of a role; Lambda names a function's session after the function. */
export function rolePrincipal(roleArn: string, sessionName: string): RolePrincipal {
  const [, partition, , , accountId = "", resource = ""] = roleArn.split(":");
  const roleName = resource.slice(resource.lastIndexOf("/") + 1);
  const sessionArn = `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
  return { type: "role", accountId, roleArn, sessionArn };
}

export function servicePrincipal(service: string): ServicePrincipal {
  return { type: "service", service };
}

export const PRINCIPAL_TYPES = ["AWS", "Service", "Federated", "CanonicalUser"] as const;

export interface PrincipalEntry {
  readonly type: (typeof PRINCIPAL_TYPES)[number];
  readonly value: string;
}

/**
 * `direct` when the element names the caller or everyone. `account` when it names the caller's account: that delegates
 * to the account's own policies, so such an Allow grants nothing by itself, while such a Deny does deny.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type PrincipalMatch = "direct" | "account" | "none";

export function matchPrincipals(entries: readonly PrincipalEntry[], principal: Principal): PrincipalMatch {
  const matches = entries.map((entry) => matchEntry(entry, principal));
  return matches.find((match) => match === "direct") ?? matches.find((match) => match === "account") ?? "none";
}

function matchEntry({ type, value }: PrincipalEntry, principal: Principal): PrincipalMatch {
  if (type === "AWS" && value === "*") return "direct";
  if (principal.type === "service") return type === "Service" && value === principal.service ? "direct" : "none";
  if (type !== "AWS") return "none";
  if (value === principal.roleArn || value === principal.sessionArn) return "direct";
  const root = new RegExp(`^(?:arn:[^:]+:iam::)?${principal.accountId}(?::root)?$`);
  return root.test(value) ? "account" : "none";
}
