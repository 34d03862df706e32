import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { Construct } from "constructs";
import { policyDocument, type Statement } from "../../modules/policy.ts";
import { functionSettings, type Pipeline } from "../stages/stage.ts";

/**
 * The role of a reader outside of the pipeline, with the path and the limit of the functions' roles.
 * @param name of the role, after that of its consumer
 * @param trust who may assume it
 */
export function readerRole(
  scope: Construct,
  pipeline: Pipeline,
  name: string,
  { trust, statements }: { readonly trust: Omit<Statement, "sid" | "actions">; readonly statements: Statement[] },
): IamRole {
  const { name: fullName, permissionsBoundary, rolePath } = functionSettings(name, pipeline);
  const role = new IamRole(scope, name, {
    name: fullName,
    assumeRolePolicy: policyDocument([{ sid: "Assume", actions: ["sts:AssumeRole"], ...trust }]),
    ...(permissionsBoundary && { permissionsBoundary }),
    ...(rolePath && { path: rolePath }),
  });
  new IamRolePolicy(scope, `${name}-policy`, { name: fullName, role: role.name, policy: policyDocument(statements) });
  return role;
}
