import { type ApiCall, optionalText, type Requirement, requirement, text, unmapped } from "../requirement.ts";

const ON_A_TOPIC = new Set(["Subscribe", "GetTopicAttributes", "ListSubscriptionsByTopic"]);

/** https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html */
export function sns(call: ApiCall): readonly Requirement[] {
  if (call.operation === "Publish" || call.operation === "PublishBatch") {
    return [requirement("sns:Publish", publishTarget(call))];
  }
  if (ON_A_TOPIC.has(call.operation)) return [requirement(`sns:${call.operation}`, text(call, "TopicArn"))];
  return unmapped("sns", call.operation);
}

function publishTarget(call: ApiCall): string {
  const target = optionalText(call, "TargetArn");
  if (target !== undefined) return target;
  // A text message to a phone has no resource.
  return optionalText(call, "PhoneNumber") === undefined ? text(call, "TopicArn") : "*";
}
