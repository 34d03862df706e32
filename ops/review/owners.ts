import { type Change, type Json, knownAfterApply, type Plan } from "./plan.ts";

/** The attribute by which a resource names its owner: the resource that it configures and does not outlive. */
const ownerAttributes: Readonly<Record<string, string>> = {
  aws_api_gateway_rest_api_policy: "rest_api_id",
  aws_apigatewayv2_authorizer: "api_id",
  aws_apigatewayv2_integration: "api_id",
  aws_apigatewayv2_route: "api_id",
  aws_apigatewayv2_stage: "api_id",
  aws_cloudwatch_event_bus_policy: "event_bus_name",
  aws_cloudwatch_event_target: "rule",
  aws_dynamodb_resource_policy: "resource_arn",
  aws_ecr_repository_policy: "repository",
  aws_iam_group_policy: "group",
  aws_iam_group_policy_attachment: "group",
  aws_iam_role_policy: "role",
  aws_iam_role_policy_attachment: "role",
  aws_iam_user_policy: "user",
  aws_iam_user_policy_attachment: "user",
  aws_kms_key_policy: "key_id",
  aws_iam_instance_profile: "role",
  aws_lambda_alias: "function_name",
  aws_lambda_event_source_mapping: "event_source_arn",
  aws_lambda_function_event_invoke_config: "function_name",
  aws_lambda_function_recursion_config: "function_name",
  aws_lambda_function_url: "function_name",
  aws_lambda_permission: "function_name",
  aws_s3_account_public_access_block: "account_id",
  aws_secretsmanager_secret_policy: "secret_arn",
  aws_security_group_rule: "security_group_id",
  aws_sesv2_configuration_set_event_destination: "configuration_set_name",
  aws_sesv2_email_identity_mail_from_attributes: "email_identity",
  aws_sns_topic_policy: "arn",
  aws_sns_topic_subscription: "topic_arn",
  aws_sqs_queue_policy: "queue_url",
  aws_sqs_queue_redrive_allow_policy: "queue_url",
  aws_vpc_security_group_ingress_rule: "security_group_id",
};

const ownerAttribute = (type: string) =>
  ownerAttributes[type] ?? (type.startsWith("aws_s3_bucket_") ? "bucket" : undefined);

/** What a resource of this type names its owner by, or undefined. */
const ownerName = ({ type }: Change, side: Json): unknown => side[ownerAttribute(type) ?? ""];

/** Whether a resource has an owner, so that removing it changes that one. Policies of unlisted types have one too. */
export const isPart = (type: string) => ownerAttribute(type) !== undefined || /_policy$/.test(type);

/** Attributes that others name a resource by. A known name comes before an id with the same text, which is known after apply. */
const identities = ["name", "bucket", "function_name", "arn", "url", "id"];

export const isGone = ({ action }: Change) => action === "delete" || action === "replace";

/** A resource that is destroyed or replaced, as others name it. */
export interface Gone {
  readonly address: string;
  /** The same text of its replacement, if it is known before apply. */
  readonly replacement: string | undefined;
}

/** Finds the texts by which others name the resources that a plan destroys or replaces. Parts have the names of their owners. */
export function goneIn({ changes }: Plan): ReadonlyMap<string, Gone> {
  const owners = changes.filter((change) => isGone(change) && !isPart(change.type));
  const named = owners.flatMap(({ address, before, after }) =>
    identities.flatMap((key): [string, Gone][] => {
      const [text, now] = [before[key], after[key]];
      if (typeof text !== "string" || text === "") return [];
      return [[text, { address, replacement: typeof now === "string" && now !== knownAfterApply ? now : undefined }]];
    }),
  );
  // The first one wins.
  return new Map(named.toReversed());
}

/** The destroyed or replaced resource that owns this one, by its address. */
export const goneOwner = (change: Change, gone: ReadonlyMap<string, Gone>): string | undefined =>
  gone.get(String(ownerName(change, change.before)))?.address;

/** Whether a change takes a part from one owner to another. */
export const isMoved = (change: Change): boolean => {
  const [from, to] = [change.before, change.after].map((side) => ownerName(change, side));
  return change.action === "replace" && from !== to && to !== knownAfterApply;
};

/** Whether what a change configures is new in this plan: the resource itself, or its owner. */
export function isOfNew(change: Change, { changes }: Plan): boolean {
  const name = ownerName(change, change.after);
  if (!isPart(change.type) || name === knownAfterApply) return true;
  const created = changes.filter(({ action, type }) => action === "create" && !isPart(type));
  return name !== undefined && created.some(({ after }) => identities.some((key) => after[key] === name));
}

/** Whether what a change configures is destroyed by this plan: the resource itself, or its owner. */
export const isOfDestroyed = (change: Change, gone: ReadonlyMap<string, Gone>): boolean =>
  !isPart(change.type) || goneOwner(change, gone) !== undefined;
