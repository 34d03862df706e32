import { type ApiCall, type Requirement, requirement, type Surroundings, text, unmapped } from "../requirement.ts";

/**
 * A log group's own ARN, without `:*`, covers none of these calls: each names a stream, if only an empty one.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
export function logs(call: ApiCall, { accountId, region }: Surroundings): readonly Requirement[] {
  const streamArn = (stream: string) =>
    `arn:aws:logs:${region}:${accountId}:log-group:${text(call, "logGroupName")}:log-stream:${stream}`;
  switch (call.operation) {
    case "CreateLogStream":
    case "PutLogEvents":
      return [requirement(`logs:${call.operation}`, streamArn(text(call, "logStreamName")))];
    case "CreateLogGroup":
      return [requirement("logs:CreateLogGroup", streamArn(""))];
    default:
      return unmapped("logs", call.operation);
  }
}

const XRAY = new Set(["PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"]);

/** X-Ray's calls have no resources. */
export function xray(call: ApiCall): readonly Requirement[] {
  return XRAY.has(call.operation) ? [requirement(`xray:${call.operation}`, "*")] : unmapped("xray", call.operation);
}
