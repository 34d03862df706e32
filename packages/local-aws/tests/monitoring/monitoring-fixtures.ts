import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Authorize } from "../../src/aws/call.ts";
import { Permissions } from "../../src/iam/permissions.ts";
import { readStack, type Stack } from "../../src/stack/stack-file.ts";
import { ACCOUNT_ID, REGION } from "../iam/iam-fixtures.ts";

export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:alarms`;
export const ALARM = `arn:aws:cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:depth`;

type Block = Readonly<Record<string, unknown>>;

/** As Terraform writes it. */
const reference = (path: string) => `\${${path}}`;
const topicArn = reference("aws_sns_topic.topic.arn");

/** What a test knows to be there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError("it is not there");
  return value;
}

/** An alarm on the depth of a queue, above 2, as Terraform has it. */
export const depthAlarm: Block = {
  alarm_name: "depth",
  alarm_description: "Look into the queue.",
  namespace: "AWS/SQS",
  metric_name: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: reference("aws_sqs_queue.queue.name") },
  statistic: "Maximum",
  period: 60,
  comparison_operator: "GreaterThanThreshold",
  threshold: 2,
  evaluation_periods: 1,
  datapoints_to_alarm: 1,
  treat_missing_data: "notBreaching",
  alarm_actions: [topicArn],
  ok_actions: [topicArn],
};

export const subscription = (protocol: string, endpoint: string, more: Block = {}): Block => ({
  topic_arn: topicArn,
  protocol,
  endpoint,
  ...more,
});

/** The statement that lets the alarms of an account publish. */
export const publishStatement = (accountId: string): Block => ({
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Action: "sns:Publish",
  Resource: topicArn,
  Condition: { StringEquals: { "aws:SourceAccount": accountId } },
});

interface Given {
  readonly alarms?: readonly Block[];
  readonly subscriptions?: readonly Block[];
  readonly statements?: readonly Block[];
}

const named = (prefix: string, blocks: readonly Block[]) =>
  Object.fromEntries(blocks.map((block, index) => [`${prefix}${index}`, block]));

/** A stack of a queue, a topic, and what the case is about, read as local-aws reads it. */
export function stackOf({ alarms = [], subscriptions = [], statements }: Given): Stack {
  const policy = statements && JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const file = {
    provider: { aws: [{ region: REGION, allowed_account_ids: [ACCOUNT_ID] }] },
    resource: {
      aws_sqs_queue: { queue: { name: "jobs" } },
      aws_sns_topic: { topic: { name: "alarms" } },
      ...(policy && { aws_sns_topic_policy: { policy: { arn: topicArn, policy } } }),
      aws_cloudwatch_metric_alarm: named("alarm", alarms),
      aws_sns_topic_subscription: named("subscription", subscriptions),
    },
  };
  const folder = mkdtempSync(join(tmpdir(), "monitoring-"));
  try {
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(file));
    return readStack(folder, { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Decides as the policies of the stack's topics say. */
export const authorizeBy = (stack: Stack): Authorize => new Permissions(stack).authorize;
