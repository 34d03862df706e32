import type { EmailEvent } from "../aws/ses.ts";
import type { Invoked } from "../lambda/lambda-function.ts";
import type { Metric, Sample } from "./metric-store.ts";

/** What can be seen of a queue. */
export interface QueueDepth {
  readonly name: string;
  /** Messages that a receive would hand out. */
  readonly visible: number;
  /** Messages that were handed out and not yet deleted. */
  readonly notVisible: number;
  /** 0 for an empty queue. */
  readonly oldestAgeSeconds: number;
}

/** A request that API Gateway answered. */
export interface ApiRequested {
  readonly apiId: string;
  readonly stage: string;
  readonly status: number;
  readonly milliseconds: number;
}

/** Metrics of AWS services that local-aws feeds; an alarm on any other would never see a sample. */
const fed: Readonly<Record<string, readonly string[]>> = {
  "AWS/ApiGateway": ["4xx", "5xx", "Count", "Latency"],
  "AWS/Events": ["FailedInvocations", "InvocationsFailedToBeSentToDlq"],
  "AWS/Lambda": ["Duration", "Errors", "Invocations", "RecursiveInvocationsDropped", "Throttles"],
  "AWS/SES": ["Bounce", "Complaint", "Reject"],
  "AWS/SQS": [
    "ApproximateAgeOfOldestMessage",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesVisible",
  ],
};

/** Whether samples of a metric may come; any metric of a namespace that is not AWS's may be written by a function. */
export const isFed = ({ namespace, name }: Pick<Metric, "namespace" | "name">): boolean =>
  !namespace.startsWith("AWS/") || (fed[namespace]?.includes(name) ?? false);

function samples(
  namespace: string,
  dimensionSets: readonly Metric["dimensions"][],
  values: Readonly<Record<string, number>>,
): Sample[] {
  return dimensionSets.flatMap((dimensions) =>
    Object.entries(values).map(([name, value]) => ({ namespace, name, dimensions, value })),
  );
}

/**
 * A request that is throttled, or dropped as recursive, is no invocation; every invocation reports Errors and Throttles, mostly as 0.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function lambdaSamples(invoked: Pick<Invoked, "function" | "status" | "durationMs">): readonly Sample[] {
  const dimensionSets = [{ FunctionName: invoked.function }, {}];
  if (invoked.status === "throttled") return samples("AWS/Lambda", dimensionSets, { Throttles: 1 });
  if (invoked.status === "recursive") return samples("AWS/Lambda", dimensionSets, { RecursiveInvocationsDropped: 1 });
  const Errors = invoked.status === "success" ? 0 : 1;
  return samples("AWS/Lambda", dimensionSets, { Invocations: 1, Errors, Throttles: 0, Duration: invoked.durationMs });
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export function queueSamples({ name, visible, notVisible, oldestAgeSeconds }: QueueDepth): readonly Sample[] {
  return samples("AWS/SQS", [{ QueueName: name }], {
    ApproximateNumberOfMessagesVisible: visible,
    ApproximateNumberOfMessagesNotVisible: notVisible,
    ApproximateAgeOfOldestMessage: oldestAgeSeconds,
  });
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export function apiSamples({ apiId, stage, status, milliseconds }: ApiRequested): readonly Sample[] {
  const of = (hundreds: number) => (Math.floor(status / 100) === hundreds ? 1 : 0);
  return samples("AWS/ApiGateway", [{ ApiId: apiId }, { ApiId: apiId, Stage: stage }], {
    Count: 1,
    "4xx": of(4),
    "5xx": of(5),
    Latency: milliseconds,
  });
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
export const ruleSamples = (rule: string, metric: "FailedInvocations" | "InvocationsFailedToBeSentToDlq") =>
  samples("AWS/Events", [{ RuleName: rule }], { [metric]: 1 });

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-cloudwatch.html */
export function emailSamples({ type, dimensions }: EmailEvent): readonly Sample[] {
  return samples("AWS/SES", [dimensions], { [`${type.slice(0, 1)}${type.slice(1).toLowerCase()}`]: 1 });
}
