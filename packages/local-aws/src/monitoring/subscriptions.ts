import { randomUUID } from "node:crypto";
import { UnsupportedStackError } from "../errors.ts";
import { requireLoopback } from "../loopback.ts";
import { field, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";

/** A subscription of a topic. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: "email" | "http" | "https";
  /** An address, or a URL on this machine. */
  readonly endpoint: string;
}

const notSimulated = ["delivery_policy", "filter_policy", "raw_message_delivery", "redrive_policy", "replay_policy"];

function readSubscription(resource: Resource): Subscription {
  const set = notSimulated.find((name) => field(resource, name) !== undefined && field(resource, name) !== false);
  if (set) throw new UnsupportedStackError(resource.address, `local-aws does not simulate ${set} of a subscription.`);
  const protocol = textField(resource, "protocol");
  if (protocol !== "email" && protocol !== "http" && protocol !== "https") {
    throw new UnsupportedStackError(resource.address, `local-aws delivers by email and https, not by ${protocol}.`);
  }
  const topicArn = textField(resource, "topic_arn");
  const endpoint = textField(resource, "endpoint");
  if (protocol !== "email") requireLoopback(endpoint);
  return { arn: `${topicArn}:${randomUUID()}`, topicArn, protocol, endpoint };
}

/**
 * Reads the subscriptions of the stack's topics; all count as confirmed.
 * @throws UnsupportedStackError when local-aws cannot deliver to one of them
 * @throws NotLoopbackError when an endpoint is not on this machine
 */
export const subscriptions = (stack: Stack): readonly Subscription[] =>
  stack.of("aws_sns_topic_subscription").map(readSubscription);
