import { LocalAwsError } from "../errors.ts";
import { remedy } from "../iam/denials.ts";
import { checkAssumable, checkQueueMapping, checkTracing, type RoleProblem } from "../iam/lambda-role.ts";
import type { Permissions } from "../iam/permissions.ts";
import { field, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";
import { functionCaller } from "./function-caller.ts";
import { mappingSettings } from "./mapping-settings.ts";

function refuse(address: string, { message, action, resource, decision }: RoleProblem): never {
  const lacks = `${action} on ${resource}`;
  throw new LocalAwsError("InvalidParameterValue", `${address}: ${message} It lacks ${lacks}. ${remedy(decision)}`);
}

function checkFunction(resource: Resource, permissions: Permissions): void {
  const roleArn = textField(resource, "role");
  const role = permissions.role(roleArn);
  if (!role) {
    throw new LocalAwsError(
      "InvalidParameterValue",
      `${resource.address}: The role defined for the function cannot be assumed by Lambda. The stack holds no role ${roleArn}.`,
    );
  }
  const distrust = checkAssumable(roleArn, role.trust, permissions.account);
  if (distrust) refuse(resource.address, distrust);
  if (field(resource, "tracing_config.mode") !== "Active") return;
  const [untraced] = checkTracing(permissions.callerOf(functionCaller(resource)), permissions.account);
  if (untraced) refuse(resource.address, untraced);
}

/**
 * Checks the stack's functions and mappings as Lambda does when they are made.
 * @throws LocalAwsError with Lambda's words for it, the missing action and the statement that would be needed
 */
export function checkRoles(stack: Stack, permissions: Permissions): void {
  for (const resource of stack.of("aws_lambda_function")) checkFunction(resource, permissions);
  for (const { address, queueArn, worker } of mappingSettings(stack)) {
    const caller = permissions.callerOf(functionCaller(worker));
    const [missing] = checkQueueMapping(queueArn, caller, permissions.account);
    if (missing) refuse(address, missing);
  }
}
