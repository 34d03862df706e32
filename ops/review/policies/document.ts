import { type Condition, readConditions } from "./conditions.ts";
import { covers, overlap } from "./globs.ts";
import { entriesOf, textsOf, UnreadablePolicyError } from "./json.ts";

/** What one pattern matches, or, for NotPrincipal, NotAction and NotResource, all but what the patterns match. */
export interface Part {
  readonly isExcept: boolean;
  readonly patterns: readonly string[];
}

export const dimensions = ["principal", "action", "resource"] as const;
export type Dimension = (typeof dimensions)[number];

export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** Everything where the document names none: policies of identities name no principal, trust policies no resource. */
  readonly principal: readonly Part[];
  readonly action: readonly Part[];
  readonly resource: readonly Part[];
  readonly conditions: readonly Condition[];
  readonly namesPrincipals: boolean;
  readonly namesResources: boolean;
}

export interface Document {
  readonly statements: readonly Statement[];
  /** Since version 2012-10-17, `${…}` is a variable. In older documents it is plain text. */
  readonly hasVariables: boolean;
}

/** A part of its own for each dimension of each statement. */
const everything = (): Part => ({ isExcept: false, patterns: ["*"] });

/** Whether a statement has a part that holds all of this part. It is false when that cannot be told. */
export function has(statement: Statement, dimension: Dimension, part: Part): boolean {
  const known = answers.get(statement) ?? new Map<Part, boolean>();
  const answer = known.get(part) ?? compare(statement, dimension, part);
  answers.set(statement, known.set(part, answer));
  return answer;
}

/** Lists of actions, resources and principals multiply, and each part is compared once. A part stands in one dimension. */
const answers = new WeakMap<Statement, Map<Part, boolean>>();

function compare(statement: Statement, dimension: Dimension, part: Part): boolean {
  // Only actions are not case-sensitive.
  const texts = ({ patterns }: Part) => (dimension === "action" ? patterns.map((one) => one.toLowerCase()) : patterns);
  const narrow = texts(part);
  return statement[dimension].some((other) => {
    const wide = texts(other);
    if (!other.isExcept) return (part.isExcept ? ["*"] : narrow).every((one) => wide.some((by) => covers(by, one)));
    const isOutside = (one: string) =>
      part.isExcept ? narrow.some((by) => covers(by, one)) : narrow.every((by) => !overlap(by, one));
    return wide.every(isOutside);
  });
}

/**
 * Reads a policy document, as JSON text or parsed. No document is one without statements. Statement ids mean nothing.
 * @throws {UnreadablePolicyError} for what is not known here: it must not be taken for less than it grants.
 */
export function readDocument(policy: unknown): Document {
  const document = typeof policy === "string" && policy.trim() !== "" ? parse(policy) : policy || {};
  const elements = new Map(entriesOf(document));
  const written = elements.get("Statement") ?? [];
  return {
    statements: [written].flat().map(readStatement),
    hasVariables: elements.get("Version") === "2012-10-17",
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadablePolicyError("it is not JSON");
  }
}

const elementNames = /^(Sid|Effect|(Not)?(Principal|Action|Resource)|Condition)$/;

function readStatement(statement: unknown): Statement {
  const elements = new Map(entriesOf(statement));
  const unknown = [...elements.keys()].find((name) => !elementNames.test(name));
  if (unknown !== undefined) throw new UnreadablePolicyError(`the element ${unknown} is not known`);
  const effect = elements.get("Effect");
  if (effect !== "Allow" && effect !== "Deny") throw new UnreadablePolicyError("an Effect is neither Allow nor Deny");
  const parts = (name: string, read: (value: unknown) => readonly string[]): readonly Part[] => {
    const [listed, excepted] = [elements.get(name), elements.get(`Not${name}`)];
    if (listed !== undefined && excepted !== undefined)
      throw new UnreadablePolicyError(`${name} stands beside Not${name}`);
    if (excepted !== undefined) return [{ isExcept: true, patterns: read(excepted) }];
    if (listed === undefined) return [everything()];
    return read(listed).map((pattern) => ({ isExcept: false, patterns: [pattern] }));
  };
  return {
    effect,
    principal: parts("Principal", readPrincipals),
    action: parts("Action", textsOf),
    resource: parts("Resource", textsOf),
    conditions: readConditions(elements.get("Condition")),
    namesPrincipals: elements.has("Principal") || elements.has("NotPrincipal"),
    namesResources: elements.has("Resource") || elements.has("NotResource"),
  };
}

/**
 * Principals as `TYPE:NAME`. `"*"` and `{"AWS": "*"}` are the same in a policy of a resource. An account's id and its root
 * ARN are the same too, and the account covers its roles and users.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function readPrincipals(value: unknown): readonly string[] {
  if (value === "*") return ["*"];
  return entriesOf(value).flatMap(([type, names]) =>
    textsOf(names).map((name) => {
      if (type === "AWS" && name === "*") return "*";
      const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
      return type === "AWS" && account !== undefined ? `AWS:arn:*:${account}:*` : `${type}:${name}`;
    }),
  );
}
