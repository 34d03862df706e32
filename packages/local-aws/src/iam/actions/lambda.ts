import { type ApiCall, type Requirement, requirement, type Surroundings, text, unmapped } from "../requirement.ts";

export function lambda(call: ApiCall, { accountId, region }: Surroundings): readonly Requirement[] {
  if (call.operation !== "Invoke") return unmapped("lambda", call.operation);
  const name = text(call, "FunctionName");
  const resource = name.startsWith("arn:") ? name : `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  return [requirement("lambda:InvokeFunction", resource)];
}
