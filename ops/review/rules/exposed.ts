import { differenceWith, isEqual } from "es-toolkit";
import { type AttributeChange, attributesOf } from "../attributes.ts";
import { isOfDestroyed, isOfNew } from "../holders.ts";
import type { Change, Json } from "../plan.ts";
import { type Finding, nothing, pathText, type Rule, shownChange } from "../rule.ts";

/** Settings that decide who can reach a resource, or who can read what it keeps and sends. */
interface Setting {
  /** Matches the type and the attribute's path without indexes: `aws_sqs_queue.kms_master_key_id`. */
  readonly path: RegExp;
  /** What it decides, after "loosens". */
  readonly subject: string;
  /**
   * How open the value leaves the resource: 0 closed, 1 less protected, 2 open to everyone. Absent for lists: each value more
   * opens them further.
   * @param values all of the resource's attributes
   */
  readonly opennessOf?: (value: unknown, values: Json) => number;
  /** The class of another value that is as open. It is "look" by default. */
  readonly ifChanged?: "approve";
}

const isSet = (value: unknown) => value !== undefined && value !== null && value !== "" && value !== false;
const closedIf = (isClosed: boolean, otherwise: 1 | 2 = 1) => (isClosed ? 0 : otherwise);

/** Values of lists that let everyone in, or permit everything. */
const openValue = /0\.0\.0\.0\/0|::\/0|"\*"|"https?:\/\/\*"|\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)"/;

const settings: readonly Setting[] = [
  {
    path: /\.(block_public_(acls|policy)|ignore_public_acls|restrict_public_buckets)$/,
    subject: "the block of public access",
    opennessOf: (value) => closedIf(value === true),
  },
  {
    path: /(\.(sqs_managed_sse_enabled|storage_encrypted|encrypted|enable_key_rotation|(transit|at_rest)_encryption_enabled|enforce_https)|encrypt\w*\.enabled)$/,
    subject: "encryption",
    opennessOf: (value, { kms_master_key_id }) => closedIf(value === true || isSet(kms_master_key_id)),
  },
  {
    path: /\.kms_(master_)?key(_id|_arn)?$/,
    subject: "encryption with an own key",
    opennessOf: (value) => closedIf(isSet(value)),
  },
  {
    path: /\.(sse_algorithm|encryption_type)$/,
    subject: "encryption",
    opennessOf: (value) => closedIf(/kms/i.test(String(value))),
  },
  {
    path: /\.(min(imum)?_(protocol_version|tls_version)|(security|ssl|tls(_security)?)_policy|tls_version)$/,
    subject: "the minimum TLS version",
    opennessOf: (value) => {
      // SES knows REQUIRE and OPTIONAL. Names such as TLS13-1-2-2021-06 say the newest version first.
      const version = value === "REQUIRE" ? 0 : Number(/1[._-]([0-3])(?!\d)/.exec(String(value))?.[1] ?? -1);
      return 1 - version / 10;
    },
  },
  {
    path: /\.(authorization_type|authorizer_id|authorization|auth_type)$/,
    subject: "access by callers",
    opennessOf: (value) => closedIf(isSet(value) && value !== "NONE", 2),
  },
  {
    path: /\.(api_key_required|disable_execute_api_endpoint|iam_database_authentication_enabled|mutual_tls_authentication.*)$/,
    subject: "access by callers",
    opennessOf: (value) => closedIf(isSet(value)),
  },
  {
    path: /\.(publicly_accessible|associate_public_ip_address|map_public_ip_on_launch|endpoint_public_access)$/,
    subject: "public access",
    opennessOf: (value) => closedIf(value !== true, 2),
  },
  {
    path: /\.acl$/,
    subject: "the access control list",
    opennessOf: (value) => closedIf(!/public|authenticated-read/.test(String(value)), 2),
  },
  {
    path: /\.object_ownership$/,
    subject: "ownership of objects, which switches access control lists on",
    opennessOf: (value) => closedIf(value === "BucketOwnerEnforced"),
  },
  {
    path: /\.permissions_boundary$/,
    subject: "the permissions boundary",
    opennessOf: (value) => closedIf(isSet(value)),
    ifChanged: "approve",
  },
  { path: /\.(client_id_list|thumbprint_list)$/, subject: "whose tokens are trusted" },
  { path: /\.(managed_policy_arns|policy_arn)$/, subject: "the attached policies" },
  { path: /\.allow_origins$/, subject: "the origins that browsers may call from" },
  {
    path: /\.(ingress|cidr_blocks|ipv6_cidr_blocks|cidr_ipv[46]|public_access_cidrs)$/,
    subject: "the addresses that may connect",
  },
];

/** Rules of outgoing connections let nobody in. */
const isOutgoing = ({ type, after, before }: Change) =>
  /egress/.test(type) || [before.type, after.type].includes("egress");

/** Finds loosened and tightened settings of access and encryption. Policy documents have a rule of their own. */
export const exposed: Rule = (change, { plan, attributes }) => {
  const { action, before, after } = change;
  if (action === "update" || action === "replace") {
    const found = settingsIn(change, merged(change, attributes));
    return {
      findings: found.map(([setting, attribute]) => changed(change, setting, attribute)),
      explains: found.map(([, { path }]) => path),
    };
  }
  if (isOutgoing(change)) return nothing;
  if (action === "create") {
    // A route without a type of authorization has NONE.
    const isRoute = change.type === "aws_apigatewayv2_route" && !isSet(after.authorization_type);
    const now = isRoute ? { ...after, authorization_type: "NONE" } : after;
    const attributesNow = merged(change, attributesOf({ ...change, before: {}, after: now }));
    const isNew = isOfNew(change, plan) || change.type === "aws_apigatewayv2_route";
    const found = settingsIn(change, attributesNow).flatMap(([setting, attribute]) => {
      const openness = opennessOf(setting, attribute.after, after);
      if (openness < 2 && (isNew || openness <= opennessOf(setting, undefined, {}))) return [];
      const summary = `${openness < 2 ? "loosens" : "opens"} ${setting.subject}: ${pathText(attribute.path)}`;
      return finding(change, isNew ? "look" : "approve", summary, attribute);
    });
    return { findings: found, explains: [] };
  }
  if (action !== "delete" || isOfDestroyed(change, plan)) return nothing;
  const found = settingsIn(change, merged(change, attributesOf({ ...change, after: {} })));
  const findings = found.map(([setting, attribute]) => changed({ ...change, before, after: {} }, setting, attribute));
  return { findings, explains: findings.length > 0 ? [[]] : [] };
};

/** Attributes with the rules of a security group as one list. */
function merged({ before, after }: Change, attributes: readonly AttributeChange[]): AttributeChange[] {
  const others = attributes.filter(({ path }) => path[0] !== "ingress");
  if (others.length === attributes.length) return others;
  return [...others, { path: ["ingress"], before: before.ingress, after: after.ingress, isForm: false }];
}

function settingsIn(change: Change, attributes: readonly AttributeChange[]): (readonly [Setting, AttributeChange])[] {
  return attributes.flatMap((attribute) => {
    const path = [change.type, ...attribute.path.filter((step) => typeof step === "string")].join(".");
    const setting = settings.find((one) => one.path.test(path));
    if (setting === undefined || attribute.isForm || /\.egress\./.test(path) || isOutgoing(change)) return [];
    return [[setting, attribute] as const];
  });
}

const listOf = (value: unknown) => (isSet(value) ? [value].flat() : []);

function opennessOf({ opennessOf: read }: Setting, value: unknown, values: Json): number {
  if (read) return read(value, values);
  const list = listOf(value);
  return openValue.test(JSON.stringify(list)) ? 2 : Math.min(list.length, 1);
}

function changed(change: Change, setting: Setting, attribute: AttributeChange): Finding {
  const { subject, ifChanged = "look" } = setting;
  const name = pathText(attribute.path);
  const [listed, now] = [listOf(attribute.before), listOf(attribute.after)];
  const difference = setting.opennessOf
    ? setting.opennessOf(attribute.after, change.after) - setting.opennessOf(attribute.before, change.before)
    : differenceWith(now, listed, isEqual).length || -1;
  if (difference > 0) return finding(change, "approve", `loosens ${subject}: ${name}`, attribute);
  if (difference < 0) return finding(change, "look", `tightens ${subject}: ${name}`, attribute);
  return finding(change, ifChanged, `changes ${subject}: ${name}`, attribute);
}

function finding(
  { address }: Change,
  attention: "look" | "approve",
  summary: string,
  attribute: AttributeChange,
): Finding {
  const isTight = summary.startsWith("tightens");
  return {
    class: attention,
    kind: "exposed",
    address,
    summary,
    ...shownChange(attribute),
    why: isTight ? "" : "It decides who can reach the resource or read its data.",
    todo: isTight ? "Check that nothing needs what is refused now." : "Approve it only if this access is meant.",
  };
}
