import {
  type ApiCall,
  type Requirement,
  requirement,
  type Surroundings,
  text,
  texts,
  UnmappedCallError,
  unmapped,
} from "../requirement.ts";

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html */
export function ssm(call: ApiCall, surroundings: Surroundings): readonly Requirement[] {
  const action = `ssm:${call.operation}`;
  switch (call.operation) {
    case "GetParameter":
    case "PutParameter":
    case "DeleteParameter":
      return [requirement(action, parameterArn(text(call, "Name"), surroundings))];
    case "GetParameters": {
      const names = texts(call, "Names");
      if (names.length === 0) throw new UnmappedCallError(call.operation, "Names is missing");
      return names.map((name) => requirement(action, parameterArn(name, surroundings)));
    }
    case "GetParametersByPath":
      return [requirement(action, parameterArn(text(call, "Path"), surroundings))];
    case "DescribeParameters":
      return [requirement(action, "*")];
    default:
      return unmapped("ssm", call.operation);
  }
}

/** A name that begins with a slash brings the ARN's own; `name:3` and `name:label` choose a version. */
function parameterArn(name: string, { accountId, region }: Surroundings): string {
  if (name.startsWith("arn:")) return name.split(":").slice(0, 6).join(":");
  const [bare = ""] = name.split(":");
  return `arn:aws:ssm:${region}:${accountId}:parameter/${bare.replace(/^\//, "")}`;
}
