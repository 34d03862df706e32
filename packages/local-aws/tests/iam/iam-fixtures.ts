import type { Account } from "../../src/iam/authorize.ts";
import { type RequestContext, standardContext } from "../../src/iam/context.ts";
import { type Decision, decide } from "../../src/iam/decide.ts";
import { type Policy, type PolicyKind, parsePolicy } from "../../src/iam/policy.ts";
import { type Principal, rolePrincipal } from "../../src/iam/principal.ts";

export const ACCOUNT_ID = "111122223333";
export const REGION = "eu-central-1";
export const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:shop-dev-orders`;
export const ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/shop-dev-worker`;
export const NOW = new Date("2026-06-01T12:00:00Z");

export const worker = rolePrincipal(ROLE, "shop-dev-worker");

export function policy(statement: unknown, kind: PolicyKind = "identity", Version = "2012-10-17"): Policy {
  return parsePolicy({ Version, Statement: statement }, { name: `${kind}-policy`, kind });
}

export function allow(Action: unknown, Resource: unknown, more: object = {}): object {
  return { Effect: "Allow", Action, Resource, ...more };
}

export function deny(Action: unknown, Resource: unknown, more: object = {}): object {
  return { Effect: "Deny", Action, Resource, ...more };
}

interface Case {
  readonly identity?: unknown;
  readonly boundary?: unknown;
  readonly resourcePolicy?: unknown;
  readonly trust?: unknown;
  readonly version?: string;
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: RequestContext;
  readonly sourceArn?: string;
}

/** Decides `sqs:SendMessage` on the orders queue for the worker role, unless the case says otherwise. */
export function decideCase(given: Case): Decision {
  const { identity, boundary, resourcePolicy, trust, version, sourceArn } = given;
  const principal = given.principal ?? worker;
  const source = sourceArn === undefined ? {} : { sourceArn };
  const origin = { principal, accountId: ACCOUNT_ID, region: REGION, now: NOW, ...source };
  return decide({
    principal,
    action: given.action ?? "sqs:SendMessage",
    resource: given.resource ?? QUEUE,
    context: { ...standardContext(origin), ...given.context },
    identityPolicies: identity === undefined ? [] : [policy(identity, "identity", version)],
    boundary: boundary === undefined ? undefined : policy(boundary, "identity", version),
    resourcePolicies: [
      ...(resourcePolicy === undefined ? [] : [policy(resourcePolicy, "resource", version)]),
      ...(trust === undefined ? [] : [policy(trust, "trust", version)]),
    ],
  });
}

export function account(more: Partial<Account> = {}): Account {
  return {
    accountId: ACCOUNT_ID,
    region: REGION,
    sesSandbox: true,
    sesIdentities: ["orders@example.com", "example.org"],
    partitionKeyOf: (table) => (table === "shop-dev-ledger" ? "pk" : undefined),
    resourcePoliciesOf: () => [],
    now: () => NOW,
    ...more,
  };
}
