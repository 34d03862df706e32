import { type Policy, parsePolicy } from "../iam/policy.ts";
import { defaultTopicPolicy } from "../iam/resource-policies.ts";
import { field, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";

function ownPolicy(topic: Resource, stack: Stack): string | undefined {
  const separate = stack.of("aws_sns_topic_policy").find((policy) => field(policy, "arn") === topic.values.arn);
  if (separate) return textField(separate, "policy");
  return field(topic, "policy") === undefined ? undefined : textField(topic, "policy");
}

/** The policy on each of the stack's topics, by the topic's ARN. */
export function topicPolicies(stack: Stack): ReadonlyMap<string, Policy> {
  const entries = stack.of("aws_sns_topic").map((topic) => {
    const arn = textField(topic, "arn");
    const own = ownPolicy(topic, stack);
    const policy =
      own === undefined
        ? defaultTopicPolicy(arn, stack.place.account)
        : parsePolicy(own, { name: arn, kind: "resource" });
    return [arn, policy] as const;
  });
  return new Map(entries);
}
