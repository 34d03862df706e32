import { type Account, type Caller, firstRefusal } from "./authorize.ts";
import { standardContext } from "./context.ts";
import { type Denial, decide } from "./decide.ts";
import type { Policy } from "./policy.ts";
import { servicePrincipal } from "./principal.ts";
import { requirement } from "./requirement.ts";

/** Why Lambda refuses a function or a mapping, in its own words (InvalidParameterValueException). */
export interface RoleProblem {
  readonly message: string;
  readonly action: string;
  readonly resource: string;
  readonly decision: Denial;
}

/** Whether Lambda may take on a function's role: the role's trust policy decides alone. */
export function checkAssumable(roleArn: string, trustPolicy: Policy, account: Account): RoleProblem | undefined {
  const principal = servicePrincipal("lambda.amazonaws.com");
  const { accountId, region } = account;
  const action = "sts:AssumeRole";
  const decision = decide({
    principal,
    action,
    resource: roleArn,
    context: standardContext({ principal, accountId, region, now: account.now() }),
    identityPolicies: [],
    resourcePolicies: [trustPolicy],
  });
  if (decision.allowed) return undefined;
  const message = "The role defined for the function cannot be assumed by Lambda.";
  return { message, action, resource: roleArn, decision };
}

/**
 * What a function's role needs before Lambda polls a queue with it; each missing permission is a problem.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function checkQueueMapping(queueArn: string, caller: Caller, account: Account): readonly RoleProblem[] {
  return ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].flatMap((operation) =>
    missing("sqs", operation, queueArn, caller, account),
  );
}

/** What a function's role needs when the function has active tracing. */
export function checkTracing(caller: Caller, account: Account): readonly RoleProblem[] {
  return missing("xray", "PutTraceSegments", "*", caller, account);
}

function missing(
  service: "sqs" | "xray",
  operation: string,
  resource: string,
  caller: Caller,
  account: Account,
): RoleProblem[] {
  const action = `${service}:${operation}`;
  const refusal = firstRefusal(service, [requirement(action, resource)], caller, account);
  if (!refusal) return [];
  const called = `${operation} on ${service.toUpperCase()}`;
  const message = `The provided execution role does not have permissions to call ${called}`;
  return [{ message, action, resource, decision: refusal.decision }];
}
