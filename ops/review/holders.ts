import { type Change, type Json, knownAfterApply, type Plan } from "./plan.ts";

/** Resources that configure another one, their holder, and the attribute that names it. */
const links: Readonly<Record<string, string>> = {
  aws_apigatewayv2_route: "api_id",
  aws_api_gateway_rest_api_policy: "rest_api_id",
  aws_cloudwatch_event_bus_policy: "event_bus_name",
  aws_dynamodb_resource_policy: "resource_arn",
  aws_ecr_repository_policy: "repository",
  aws_iam_group_policy: "group",
  aws_iam_group_policy_attachment: "group",
  aws_iam_role_policy: "role",
  aws_iam_role_policy_attachment: "role",
  aws_iam_user_policy: "user",
  aws_iam_user_policy_attachment: "user",
  aws_kms_key_policy: "key_id",
  aws_lambda_function_url: "function_name",
  aws_lambda_permission: "function_name",
  aws_s3_account_public_access_block: "account_id",
  aws_secretsmanager_secret_policy: "secret_arn",
  aws_security_group_rule: "security_group_id",
  aws_sns_topic_policy: "arn",
  aws_sqs_queue_policy: "queue_url",
  aws_vpc_security_group_ingress_rule: "security_group_id",
};

const linkOf = (type: string) => links[type] ?? (type.startsWith("aws_s3_bucket_") ? "bucket" : undefined);

/** Whether a resource configures another one, so that removing it changes that one. Policies of unlisted types count too. */
export const isPart = (type: string) => linkOf(type) !== undefined || /_policy$/.test(type);

/** Attributes whose value a part can name its holder by. */
const identities = ["id", "arn", "name", "url", "bucket", "function_name"];

function plansHolder(
  { type }: Change,
  side: Json,
  plan: Plan,
  isPlanned: (holder: Change) => Json | undefined,
): boolean {
  if (!isPart(type)) return true;
  const name = side[linkOf(type) ?? ""];
  return plan.changes.some((other) => {
    const holder = isPart(other.type) ? undefined : isPlanned(other);
    return holder !== undefined && name !== undefined && identities.some((identity) => holder[identity] === name);
  });
}

/** Whether a change takes its configuration from one resource to another. */
export const isMoved = ({ type, action, before, after }: Change): boolean => {
  const [from, to] = [before, after].map((side) => side[linkOf(type) ?? ""]);
  return action === "replace" && from !== to && to !== knownAfterApply;
};

/** Whether what a change configures is new in this plan: the resource itself, or the one that it belongs to. */
export const isOfNew = (change: Change, plan: Plan): boolean =>
  change.after[linkOf(change.type) ?? ""] === knownAfterApply ||
  plansHolder(change, change.after, plan, ({ action, after }) => (action === "create" ? after : undefined));

/** Whether what a change configures is destroyed by this plan: the resource itself, or the one that it belongs to. */
export const isOfDestroyed = (change: Change, plan: Plan): boolean =>
  plansHolder(change, change.before, plan, ({ action, before }) =>
    action === "delete" || action === "replace" ? before : undefined,
  );
