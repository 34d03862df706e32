import { differenceWith, groupBy, isEqual } from "es-toolkit";
import { type AttributeChange, attributesOf } from "../attributes.ts";
import { isMoved, isOfDestroyed, isOfNew } from "../owners.ts";
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
  /** Another value that is as open needs a second approval. */
  readonly isApprovedIfChanged?: true;
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
    // Who may use a key of AWS, such as alias/aws/sns, is not in the account's hands.
    opennessOf: (value) => (/alias\/aws\//.test(String(value)) ? 0.5 : closedIf(isSet(value))),
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
    path: /\.(publicly_accessible|associate_public_ip_address|map_public_ip_on_launch|endpoint_public_access|allow_external_principals)$/,
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
    isApprovedIfChanged: true,
  },
  {
    path: /^aws_lambda_function\.role$|\.(role_arn|iam_instance_profile)$/,
    subject: "the role that it works with",
    opennessOf: () => 0,
    isApprovedIfChanged: true,
  },
  {
    path: /^aws_ssm_parameter\.type$/,
    subject: "encryption",
    opennessOf: (value) => closedIf(value === "SecureString"),
  },
  {
    path: /^aws_iam_(access_key|user_login_profile)\.user$/,
    subject: "access by a permanent credential",
    opennessOf: (value) => closedIf(!isSet(value), 2),
  },
  { path: /^aws_iam_\w*(membership|policy_attachment)\.(roles|users|groups)$/, subject: "who has these permissions" },
  { path: /\.(client_id_list|thumbprint_list|audience)$/, subject: "whose tokens are trusted" },
  { path: /\.(managed_policy_arns|policy_arn)$/, subject: "the attached policies" },
  {
    path: /\.(redrive_allow_policy|redrivePermission)$/,
    subject: "the choice of queues that may send it their dead letters",
    // Every queue of the account may, unless a policy says otherwise.
    opennessOf: (value) => (/denyAll/.test(String(value)) ? 0 : /byQueue/.test(String(value)) ? 0.5 : 1),
  },
  { path: /\.sourceQueueArns$/, subject: "the list of queues that may send it their dead letters" },
  { path: /\.allow_origins$/, subject: "the origins that browsers may call from" },
  {
    path: /\.(ingress|cidr_blocks|ipv6_cidr_blocks|cidr_ipv[46]|public_access_cidrs|prefix_list_ids?|(source|referenced)_security_group_id)$/,
    subject: "the addresses that may connect",
  },
];

/** What a change does to a setting. `opens`: everyone can reach something new. */
type Verb = "loosens" | "opens" | "changes" | "tightens";

/** Finds loosened and tightened settings of access and encryption. Policy documents have a rule of their own. */
export const exposed: Rule = (change, { plan, gone, attributes }) => {
  const { action, address, type } = change;
  const isAdded = action === "create" || isMoved(change);
  if ((action === "delete" && isOfDestroyed(change, gone)) || isOutgoing(change)) return nothing;
  const sides = { ...change, before: isAdded ? {} : change.before, after: withDefaults(change) };
  const found = settingsIn(sides, isAdded || action === "delete" ? attributesOf(sides) : attributes);
  const isNew = isAdded && isOfNew(change, plan);
  const findings = Object.entries(groupBy(found, (one) => `${verbOf(one, sides, isAdded)} ${one.setting.subject}`));
  return {
    findings: findings.flatMap(([summary, group]): Finding[] => {
      const [first] = group;
      const verb = first && verbOf(first, sides, isAdded);
      if (verb === undefined || (isNew && verb !== "opens")) return [];
      const isTight = verb === "tightens";
      // A new route is how a new source gets in.
      const isDoor = isAdded && type === "aws_apigatewayv2_route";
      const needsLook = isTight || isDoor || (verb === "changes" && !first?.setting.isApprovedIfChanged);
      return [
        {
          class: needsLook ? "look" : "approve",
          kind: "exposed",
          address,
          summary: `${summary}: ${group.map(({ attribute }) => pathText(attribute.path)).join(", ")}`,
          ...shownChange(first?.attribute ?? { before: undefined, after: undefined }),
          why: isTight ? "" : "It decides who can reach the resource or read its data.",
          todo: isTight ? "Check that nothing needs what is refused now." : "Approve it only if this access is meant.",
        },
      ];
    }),
    explains: isAdded
      ? []
      : action === "delete" && found.length > 0
        ? [[]]
        : found.map(({ attribute }) => attribute.path),
  };
};

/** Rules of outgoing connections let nobody in. */
const isOutgoing = ({ type, after, before }: Change) =>
  /egress/.test(type) || [before.type, after.type].includes("egress");

/** A route without a type of authorization has NONE. */
const withDefaults = ({ action, type, after }: Change): Json =>
  action === "create" && type === "aws_apigatewayv2_route" && !isSet(after.authorization_type)
    ? { ...after, authorization_type: "NONE" }
    : after;

interface Found {
  readonly setting: Setting;
  readonly attribute: AttributeChange;
}

/** The settings among changed attributes. The rules of a security group are one list. */
function settingsIn({ type, before, after }: Change, attributes: readonly AttributeChange[]): Found[] {
  const others = attributes.filter(({ path }) => path[0] !== "ingress");
  const ingress = { path: ["ingress"], before: before.ingress, after: after.ingress, isForm: false };
  return (others.length < attributes.length ? [...others, ingress] : others).flatMap((attribute) => {
    const path = [type, ...attribute.path.filter((step) => typeof step === "string")].join(".");
    const setting = settings.find((one) => one.path.test(path));
    return setting === undefined || attribute.isForm || /\.egress\./.test(path) ? [] : [{ setting, attribute }];
  });
}

const listOf = (value: unknown) => (isSet(value) ? [value].flat() : []);

function verbOf({ setting, attribute }: Found, { before, after }: Change, isAdded: boolean): Verb | undefined {
  const [was, now] = [listOf(attribute.before), listOf(attribute.after)];
  const isOpen = openValue.test(JSON.stringify(now)) ? 2 : 1;
  const { opennessOf } = setting;
  const openness = opennessOf ? opennessOf(attribute.after, after) : now.length > 0 ? isOpen : 0;
  if (isAdded && openness >= 2) return "opens";
  const more = opennessOf
    ? openness - opennessOf(attribute.before, before)
    : differenceWith(now, was, isEqual).length || -1;
  if (more > 0) return "loosens";
  if (isAdded) return undefined;
  return more < 0 ? "tightens" : "changes";
}
