import { isEqual, isPlainObject } from "es-toolkit";
import { parsed } from "../attributes.ts";
import { isMoved, isOfDestroyed, isOfNew, isPart } from "../owners.ts";
import { type Change, type Json, knownAfterApply, type Path } from "../plan.ts";
import { comparePolicies, type Grant } from "../policies/compare.ts";
import { type Finding, nothing, type Rule, shownChange } from "../rule.ts";

/** Attributes that hold a policy document even when its content is not known. Others are known by their content. */
const policyNames = /^(policy|assume_role_policy|inline_policy|access_polic(y|ies)|resource_policy|policy_document)$/;

/** Findings of one document before more are only counted. */
const mostGrants = 4;

/** Finds policy documents that permit more or less than before, and Lambda permissions, which are statements of one. */
export const permissions: Rule = (change, { plan, gone, attributes }) => {
  const { action, address } = change;
  if (!["create", "update", "replace", "delete"].includes(action)) return nothing;
  const [before, after] = [
    documentsOf(change, isMoved(change) ? {} : change.before),
    documentsOf(change, change.after),
  ];
  // What a resource without a policy of its own gets is what the resource of its policy says.
  const hasPart = plan.changes.some(({ type }) => type === `${change.type}_policy`);
  for (const name of ["policy", "inline_policy"]) {
    if (after.get(name) === knownAfterApply && !isPart(change.type) && (hasPart || action === "create")) {
      before.delete(name);
      after.delete(name);
    }
  }
  const isNew = action === "create" && isOfNew(change, plan);
  // A policy that goes with its resource leaves nothing that it could open.
  if (action === "delete" && isOfDestroyed(change, gone)) return nothing;
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const isForm = (name: string) =>
    attributes.some(({ path }) => path[0] === name) &&
    attributes.every((attribute) => attribute.path[0] !== name || attribute.isForm);
  const changed = names.filter((name) => !isEqual(before.get(name), after.get(name)) && !isForm(name));
  const findings = changed.flatMap((name) => findingsOf({ address, name, isNew }, before.get(name), after.get(name)));
  const whole: Path[] =
    changed.length > 0 && (action === "delete" || change.type === "aws_lambda_permission") ? [[]] : [];
  return { findings, explains: [...changed.map((name) => [name]), ...whole] };
};

/** Policy documents by attribute. Inline policies of a role are one document together. */
export function documentsOf({ type }: Change, values: Json): Map<string, unknown> {
  if (type === "aws_lambda_permission") {
    return new Map(Object.keys(values).length > 0 ? [["permission", lambdaPermission(values)]] : []);
  }
  const entries = Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
    if (name === "inline_policy" && Array.isArray(value)) return [[name, joined(value)]];
    const isPolicy = isDocument(value) || (policyNames.test(name) && !isOther(value));
    return isPolicy && value ? [[name, value]] : [];
  });
  return new Map(entries);
}

function isDocument(value: unknown): boolean {
  const document = parsed(value);
  return isPlainObject(document) && "Statement" in document;
}

/** JSON of another kind under a policy's name, such as the rules of a lifecycle policy. */
const isOther = (value: unknown) => typeof value !== "string" || (parsed(value) !== undefined && !isDocument(value));

function joined(list: readonly unknown[]): unknown {
  const policies = list.map((one) => (isPlainObject(one) ? one.policy : one)).filter(Boolean);
  const documents = policies.map(parsed);
  const unread = policies.find((_, index) => !isDocument(documents[index]));
  if (unread !== undefined) return unread;
  const statements = documents.flatMap((document) => (isPlainObject(document) ? document.Statement : []));
  return { Version: "2012-10-17", Statement: statements };
}

/** A permission as the statement that Lambda adds to the function's policy. */
function lambdaPermission(values: Json): Json {
  const { principal, action, function_name, source_arn, source_account, principal_org_id, function_url_auth_type } =
    values;
  const isService = typeof principal === "string" && /\.amazonaws\.com(\.cn)?$/.test(principal);
  const conditions = {
    ArnLike: { "aws:SourceArn": source_arn },
    StringEquals: {
      "aws:SourceAccount": source_account,
      "aws:PrincipalOrgID": principal_org_id,
      "lambda:FunctionUrlAuthType": function_url_auth_type,
    },
  };
  const given = Object.entries(conditions).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).filter(([, value]) => value)),
  ]);
  const Statement = {
    Effect: "Allow",
    Principal: { [isService ? "Service" : "AWS"]: principal },
    Action: action,
    Resource: function_name,
    Condition: Object.fromEntries(given),
  };
  return { Version: "2012-10-17", Statement };
}

interface Place {
  readonly address: string;
  /** Name of the attribute. */
  readonly name: string;
  /** The policy is new together with what it is for, so only what opens a door matters. */
  readonly isNew: boolean;
}

function findingsOf({ address, name, isNew }: Place, before: unknown, after: unknown): Finding[] {
  const common = { kind: "exposed", address } as const;
  const label = name === "assume_role_policy" ? "the trust policy" : `the ${name.replaceAll("_", " ")}`;
  const isSecret = [before, after].some((value) => typeof value === "string" && value.startsWith("(sensitive)"));
  const isUnknown = JSON.stringify([before, after]).includes(knownAfterApply);
  const hidden = isSecret ? "sensitive" : isUnknown ? "known after apply" : undefined;
  if (hidden !== undefined && !(isNew && isPlainObject(after))) {
    const summary = `${isNew ? "creates" : "may widen"} ${label}, whose text is ${hidden}`;
    const why = isNew ? "This review cannot say what it permits." : "It can permit more than before.";
    const todo = "Read it in the configuration.";
    return [{ ...common, class: isNew ? "look" : "approve", summary, before: null, after: null, why, todo }];
  }
  const { wider, narrower, undecided } = comparePolicies(before, after);
  const finding = (
    attention: Finding["class"],
    verb: string,
    { text, given, nearest, dropped, opens }: Grant,
  ): Finding => ({
    ...common,
    class: attention,
    summary: `${verb} ${label}: ${text}`,
    ...shownChange(/no longer/.test(text) ? { before: given, after: nearest } : { before: nearest, after: given }),
    why: [
      ...(dropped && verb !== "narrows" ? [`This condition no longer holds: ${dropped}.`] : []),
      ...(opens ? ["It opens the resource to others than AWS services, or whole services to the role."] : []),
    ].join(" "),
    todo:
      verb === "narrows" ? "Check that nothing needs what is refused now." : "Approve it only if this access is meant.",
  });
  if (isNew) {
    const opening = wider.filter(({ opens }) => opens !== undefined);
    return limited(opening.map((grant) => finding(grant.opens === "everyone" ? "approve" : "look", "opens", grant)));
  }
  if (wider.length + narrower.length === 0) {
    const form = { class: "none", kind: "noise", summary: `rewrites ${label} with the same permissions` } as const;
    return [{ ...common, ...form, before: null, after: null, why: "", todo: "" }];
  }
  return [
    ...limited(wider.map((grant) => finding("approve", undecided ? "may widen" : "widens", grant))),
    ...limited(narrower.map((grant) => finding("look", "narrows", grant))),
  ];
}

function limited(findings: readonly Finding[]): Finding[] {
  const [first] = findings;
  const more = findings.length - mostGrants;
  if (first === undefined || more <= 0) return [...findings];
  const rest = { ...first, summary: `${first.summary.split(":")[0]} in ${more} more ways`, before: null, why: "" };
  return [...findings.slice(0, mostGrants), rest];
}
