import { dynamodb } from "./actions/dynamodb.ts";
import { lambda } from "./actions/lambda.ts";
import { logs, xray } from "./actions/observability.ts";
import { s3 } from "./actions/s3.ts";
import { ses } from "./actions/ses.ts";
import { sns } from "./actions/sns.ts";
import { sqs } from "./actions/sqs.ts";
import { ssm } from "./actions/ssm.ts";
import type { ApiCall, Requirement, RequirementRule, Surroundings } from "./requirement.ts";

const RULES = { s3, sqs, sns, ses, dynamodb, ssm, lambda, logs, xray } satisfies Record<string, RequirementRule>;

/** By the service's name in credentials' scope (SigV4), which is `ses` for SES v2. */
export type ServiceName = keyof typeof RULES;

/**
 * What a call needs, by the service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function requirementsOf(
  service: ServiceName,
  call: ApiCall,
  surroundings: Surroundings,
): readonly Requirement[] {
  return RULES[service](call, surroundings);
}
