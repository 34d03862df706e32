import { type Condition, parseConditions } from "./conditions.ts";
import { entriesOf, PolicyError, readDocument, textsOf } from "./policy-json.ts";
import { PRINCIPAL_TYPES, type PrincipalEntry } from "./principal.ts";

/** Attached to a role, attached to a resource, or a role's own "who may assume me". */
export type PolicyKind = "identity" | "resource" | "trust";

/** What an element lists, or, for NotAction, NotResource and NotPrincipal, what it leaves out. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly inverted: boolean;
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  readonly actions: Listing<string>;
  /** Absent in trust policies, whose resource is the role itself. */
  readonly resources: Listing<string> | undefined;
  /** Absent in identity policies, whose principal is the role. */
  readonly principals: Listing<PrincipalEntry> | undefined;
  readonly conditions: readonly Condition[];
}

export interface Policy {
  readonly name: string;
  readonly kind: PolicyKind;
  /** Policy variables exist since version 2012-10-17; in older documents they are plain text. */
  readonly hasVariables: boolean;
  readonly statements: readonly Statement[];
}

export interface PolicySource {
  /** Who the policy belongs to; opens the place in every error. */
  readonly name: string;
  readonly kind: PolicyKind;
}

const ELEMENTS = new Set(
  "Sid Effect Action NotAction Resource NotResource Principal NotPrincipal Condition".split(" "),
);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export function parsePolicy(document: unknown, { name, kind }: PolicySource): Policy {
  const elements = new Map(entriesOf(readDocument(document, name), name));
  for (const element of elements.keys()) {
    if (!["Version", "Id", "Statement"].includes(element)) throw new PolicyError(name, `unknown element ${element}`);
  }
  const version = elements.get("Version") ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    throw new PolicyError(`${name}.Version`, "must be 2012-10-17 or 2008-10-17");
  }
  const written = elements.get("Statement");
  const statements = (Array.isArray(written) ? written : [written]).map((statement, index) =>
    parseStatement(statement, kind, `${name}.Statement[${index}]`),
  );
  if (statements.length === 0) throw new PolicyError(`${name}.Statement`, "there is no statement");
  checkSids(statements, kind, name);
  return { name, kind, hasVariables: version === "2012-10-17", statements };
}

function parseStatement(written: unknown, kind: PolicyKind, place: string): Statement {
  const elements = new Map(entriesOf(written, place));
  for (const element of elements.keys()) {
    if (!ELEMENTS.has(element)) throw new PolicyError(place, `unknown element ${element}`);
  }
  const effect = elements.get("Effect");
  if (effect !== "Allow" && effect !== "Deny") throw new PolicyError(`${place}.Effect`, "must be Allow or Deny");
  const sid = elements.get("Sid");
  if (sid !== undefined && typeof sid !== "string") throw new PolicyError(`${place}.Sid`, "must be text");

  const listing = <T>(element: string, allowed: boolean, parse: (value: unknown, place: string) => readonly T[]) => {
    const given = [element, `Not${element}`].filter((candidate) => elements.has(candidate));
    const [chosen] = given;
    if (!allowed) {
      if (chosen) throw new PolicyError(`${place}.${chosen}`, `not allowed in a policy of kind ${kind}`);
      return undefined;
    }
    if (!chosen || given.length > 1) throw new PolicyError(place, `needs either ${element} or Not${element}`);
    return { items: parse(elements.get(chosen), `${place}.${chosen}`), inverted: chosen !== element };
  };
  const actions = listing("Action", true, parseActions);
  if (!actions) throw new PolicyError(place, "needs an Action");
  return {
    sid,
    effect,
    actions,
    resources: listing("Resource", kind !== "trust", parseResources),
    principals: listing("Principal", kind !== "identity", parsePrincipals),
    conditions: parseConditions(elements.get("Condition"), `${place}.Condition`),
  };
}

function parseActions(value: unknown, place: string): readonly string[] {
  return textsOf(value, place).map((action) => {
    if (action === "*" || /^[a-z0-9-]+:[a-z0-9*?]+$/i.test(action)) return action;
    throw new PolicyError(place, `"${action}" must be prefaced by a vendor, as in sqs:SendMessage`);
  });
}

function parseResources(value: unknown, place: string): readonly string[] {
  return textsOf(value, place).map((resource) => {
    if (resource === "*" || /^arn:[^:*?]+:[^:*?]+:./.test(resource)) return resource;
    throw new PolicyError(place, `"${resource}" must be in ARN format or "*"`);
  });
}

function parsePrincipals(value: unknown, place: string): readonly PrincipalEntry[] {
  if (value === "*") return [{ type: "AWS", value }];
  return entriesOf(value, place).flatMap(([name, written]) => {
    const type = PRINCIPAL_TYPES.find((candidate) => candidate === name);
    if (!type) throw new PolicyError(place, `${name} is not a type of principal`);
    return textsOf(written, `${place}.${name}`).map((principal) => {
      if (/[*?]/.test(principal) && !(type === "AWS" && principal === "*")) {
        throw new PolicyError(`${place}.${name}`, `"${principal}": a principal takes no wildcard within its name`);
      }
      return { type, value: principal };
    });
  });
}

function checkSids(statements: readonly Statement[], kind: PolicyKind, name: string): void {
  const seen = new Set<string>();
  for (const { sid } of statements) {
    if (!sid) continue;
    if (seen.has(sid)) throw new PolicyError(name, `statement IDs (SID) in a single policy must be unique: ${sid}`);
    // Queues and topics take other characters too; IAM does not.
    if (kind !== "resource" && !/^[a-z0-9]+$/i.test(sid)) {
      throw new PolicyError(name, `statement IDs (SID) take letters and digits only: ${sid}`);
    }
    seen.add(sid);
  }
}
