import { field, optionalText, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";
import { type Policy, parsePolicy } from "./policy.ts";

/** The policies on the stack's queues, topics, buckets and functions, by the resource's ARN. */
export function resourcePolicies(stack: Stack): ReadonlyMap<string, readonly Policy[]> {
  const policies = new Map<string, readonly Policy[]>();
  const add = (arn: string, policy: Policy) => policies.set(arn, [...(policies.get(arn) ?? []), policy]);
  const own = (resource: Resource, type: string, key: string, value: unknown) => {
    const separate = stack.of(type).find((policy) => field(policy, key) === value);
    const document = separate ? textField(separate, "policy") : optionalText(resource, "policy");
    const { address: name } = separate ?? resource;
    return document === undefined ? undefined : parsePolicy(document, { name, kind: "resource" });
  };
  for (const queue of stack.of("aws_sqs_queue")) {
    const policy = own(queue, "aws_sqs_queue_policy", "queue_url", queue.values.url);
    if (policy) add(textField(queue, "arn"), policy);
  }
  for (const bucket of stack.of("aws_s3_bucket")) {
    const policy = own(bucket, "aws_s3_bucket_policy", "bucket", bucket.values.id);
    if (policy) add(textField(bucket, "arn"), policy);
  }
  for (const topic of stack.of("aws_sns_topic")) {
    const arn = textField(topic, "arn");
    add(arn, own(topic, "aws_sns_topic_policy", "arn", arn) ?? defaultTopicPolicy(arn, stack.place.account));
  }
  for (const { functionArn, policy } of functionPolicies(stack)) add(functionArn, policy);
  return policies;
}

function functionPolicies(stack: Stack): { functionArn: string; policy: Policy }[] {
  const functions = stack.of("aws_lambda_function");
  return stack.of("aws_lambda_permission").flatMap((permission) => {
    const reference = textField(permission, "function_name");
    const target = functions.find(({ values }) => [values.function_name, values.arn].includes(reference));
    if (!target) return [];
    const functionArn = textField(target, "arn");
    const sourceArn = optionalText(permission, "source_arn");
    const sourceAccount = optionalText(permission, "source_account");
    const policy = lambdaPermissionPolicy({
      statementId: optionalText(permission, "statement_id") ?? permission.address,
      principal: textField(permission, "principal"),
      action: textField(permission, "action"),
      functionArn,
      ...(sourceArn !== undefined && { sourceArn }),
      ...(sourceAccount !== undefined && { sourceAccount }),
    });
    return [{ functionArn, policy }];
  });
}

/**
 * What a topic has until it gets a policy of its own: everyone whose request comes from the owner's account.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export function defaultTopicPolicy(topicArn: string, accountId: string): Policy {
  const document = {
    Version: "2008-10-17",
    Statement: {
      Sid: "__default_statement_ID",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["SNS:GetTopicAttributes", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish"],
      Resource: topicArn,
      Condition: { StringEquals: { "AWS:SourceOwner": accountId } },
    },
  };
  return parsePolicy(document, { name: topicArn, kind: "resource" });
}

export interface LambdaPermission {
  readonly statementId: string;
  /** A service, an account or an ARN. */
  readonly principal: string;
  readonly action: string;
  readonly functionArn: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

/** The statement that AddPermission writes into a function's policy. */
export function lambdaPermissionPolicy(permission: LambdaPermission): Policy {
  const { statementId, principal, action, functionArn, sourceArn, sourceAccount } = permission;
  const condition = {
    ...(sourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": sourceArn } }),
    ...(sourceAccount === undefined ? {} : { StringEquals: { "AWS:SourceAccount": sourceAccount } }),
  };
  const document = {
    Version: "2012-10-17",
    Statement: {
      Sid: statementId,
      Effect: "Allow",
      Principal: principal.endsWith(".amazonaws.com") ? { Service: principal } : { AWS: principal },
      Action: action,
      Resource: functionArn,
      Condition: condition,
    },
  };
  return parsePolicy(document, { name: functionArn, kind: "resource" });
}
