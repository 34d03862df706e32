import { type Policy, parsePolicy } from "./policy.ts";

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
