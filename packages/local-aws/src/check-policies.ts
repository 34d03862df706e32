import type { Call } from "./aws/call.ts";
import { Permissions } from "./iam/permissions.ts";
import type { BoundaryDocument } from "./iam/role-policies.ts";
import { checkRoles } from "./lambda/roles.ts";
import { readStack } from "./stack/stack-file.ts";
import type { ParameterValues } from "./start-stack.ts";

const unheard = "http://127.0.0.1:9";

/**
 * Asks what a stack's policies would say, without starting it.
 * @param calls what an earlier run's `authorize` hook was asked
 * @returns the start's refusal of a role or the first call that is denied, in a line; undefined when all is allowed
 */
export function firstDenial(
  stackDir: string,
  calls: readonly Call[],
  { parameters = {}, boundary }: { readonly parameters?: ParameterValues; readonly boundary?: BoundaryDocument } = {},
): string | undefined {
  const parameter = (name: string) => parameters[name] ?? unheard;
  const stack = readStack(stackDir, { gatewayUrl: unheard, apiUrl: unheard, parameter });
  const permissions = new Permissions(stack, boundary);
  try {
    checkRoles(stack, permissions);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  for (const call of calls) {
    if (permissions.authorize(call)) return permissions.denials.lines()[0];
  }
  return undefined;
}
