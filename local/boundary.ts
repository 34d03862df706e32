import type { Stack } from "local-aws";
import { policyDocument } from "../modules/policy.ts";
import { functionsBoundary } from "../stacks/ci/statements.ts";

/** The document of a permissions boundary of functions as the stack leadwire-ci makes it, or undefined for another policy. */
export function boundaryDocument(policyArn: string, { place: { account, region } }: Stack): string | undefined {
  const [, prefix, environmentName] = /:policy\/(leadwire-(.+))-functions-boundary$/.exec(policyArn) ?? [];
  if (prefix === undefined || environmentName === undefined) return undefined;
  return policyDocument(functionsBoundary({ environmentName, prefix, accountId: account, region }));
}
