import { LocalAwsError } from "../errors.ts";
import { blocksField, field, numberField, optionalText, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";
import { type ApiRequest, type EndpointName, jsonHeaders, operator } from "./call.ts";
import type { Gateway } from "./gateway.ts";
import { snsRequest } from "./sns.ts";
import { sqsRequest } from "./sqs.ts";

/** Types that local-aws builds or reads; all others of a stack do nothing here. */
export const simulatedTypes: ReadonlySet<string> = new Set([
  "aws_apigatewayv2_api",
  "aws_apigatewayv2_integration",
  "aws_apigatewayv2_route",
  "aws_apigatewayv2_stage",
  "aws_cloudwatch_event_rule",
  "aws_cloudwatch_event_target",
  "aws_cloudwatch_log_metric_filter",
  "aws_cloudwatch_metric_alarm",
  "aws_dynamodb_table",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_lambda_event_source_mapping",
  "aws_lambda_function",
  "aws_lambda_function_recursion_config",
  "aws_lambda_permission",
  "aws_s3_bucket",
  "aws_s3_bucket_notification",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_versioning",
  "aws_sesv2_configuration_set",
  "aws_sesv2_configuration_set_event_destination",
  "aws_sesv2_email_identity",
  "aws_sesv2_email_identity_mail_from_attributes",
  "aws_sns_topic",
  "aws_sns_topic_policy",
  "aws_sns_topic_subscription",
  "aws_sqs_queue",
  "aws_sqs_queue_policy",
  "aws_sqs_queue_redrive_policy",
  "aws_ssm_parameter",
  "aws_ssm_service_setting",
]);

const queueAttributes = {
  VisibilityTimeout: "visibility_timeout_seconds",
  MessageRetentionPeriod: "message_retention_seconds",
  DelaySeconds: "delay_seconds",
  ReceiveMessageWaitTimeSeconds: "receive_wait_time_seconds",
  MaximumMessageSize: "max_message_size",
} as const;

/** A queue's redrive policy stands in the queue or in a resource of its own. */
function redrivePolicy(queue: Resource, stack: Stack): string | undefined {
  const separate = stack
    .of("aws_sqs_queue_redrive_policy")
    .find((policy) => field(policy, "queue_url") === queue.values.url);
  return optionalText(separate ?? queue, "redrive_policy");
}

async function create(gateway: Gateway, service: EndpointName, request: ApiRequest, address: string): Promise<void> {
  const answer = await gateway.call(operator, service, request);
  if (answer.status < 300) return;
  throw new LocalAwsError("Provision", `${address} was refused by the local ${service}: ${answer.body.toString()}`);
}

function createQueue(queue: Resource, stack: Stack): ApiRequest {
  const numbers = Object.entries(queueAttributes).flatMap(([name, attribute]) => {
    const value = field(queue, attribute);
    return value === undefined ? [] : [[name, String(value)]];
  });
  const redrive = redrivePolicy(queue, stack);
  const attributes = { ...Object.fromEntries(numbers), ...(redrive && { RedrivePolicy: redrive }) };
  return sqsRequest("CreateQueue", { QueueName: textField(queue, "name"), Attributes: attributes });
}

/** Everywhere but in us-east-1 a bucket names its Region. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
const createBucket = (bucket: Resource, region: string): ApiRequest => ({
  method: "PUT",
  path: `/${textField(bucket, "bucket")}`,
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.from(
    region === "us-east-1"
      ? ""
      : `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`,
  ),
});

function createTable(table: Resource): ApiRequest {
  const keys = [
    { AttributeName: textField(table, "hash_key"), KeyType: "HASH" },
    ...(field(table, "range_key") ? [{ AttributeName: textField(table, "range_key"), KeyType: "RANGE" }] : []),
  ];
  const definitions = blocksField(table, "attribute").map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type,
  }));
  return {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: { ...jsonHeaders, "x-amz-target": "DynamoDB_20120810.CreateTable" },
    body: Buffer.from(
      JSON.stringify({
        TableName: textField(table, "name"),
        KeySchema: keys,
        AttributeDefinitions: definitions,
        BillingMode: "PAY_PER_REQUEST",
      }),
    ),
  };
}

/** Buckets whose objects' events go to EventBridge. */
export const eventfulBuckets = (stack: Stack): ReadonlySet<unknown> =>
  new Set(
    stack
      .of("aws_s3_bucket_notification")
      .filter((notification) => notification.values.eventbridge === true)
      .map((notification) => notification.values.bucket),
  );

/** Names of the buckets that keep every version of their objects. */
export const versionedBuckets = (stack: Stack): ReadonlySet<unknown> =>
  new Set(
    stack
      .of("aws_s3_bucket_versioning")
      .filter((versioning) => field(versioning, "versioning_configuration.status") === "Enabled")
      .map((versioning) => versioning.values.bucket),
  );

/** Creates what holds state: buckets, queues (dead letter queues first), topics and tables. */
export async function provision(stack: Stack, gateway: Gateway): Promise<void> {
  const queues = stack.of("aws_sqs_queue");
  const redrives = (queue: Resource) => redrivePolicy(queue, stack) !== undefined;
  const ordered = [...queues.filter((queue) => !redrives(queue)), ...queues.filter(redrives)];
  for (const queue of ordered) await create(gateway, "sqs", createQueue(queue, stack), queue.address);
  for (const bucket of stack.of("aws_s3_bucket"))
    await create(gateway, "s3", createBucket(bucket, stack.place.region), bucket.address);
  for (const topic of stack.of("aws_sns_topic")) {
    await create(gateway, "sns", snsRequest("CreateTopic", { Name: textField(topic, "name") }), topic.address);
  }
  for (const table of stack.of("aws_dynamodb_table")) {
    await create(gateway, "dynamodb", createTable(table), table.address);
  }
}

/** Names of the queues that other queues redrive to. */
export function deadLetterQueues(stack: Stack): string[] {
  const targets = stack.of("aws_sqs_queue").flatMap((queue) => {
    const policy = redrivePolicy(queue, stack);
    return policy === undefined
      ? []
      : [String((JSON.parse(policy) as { deadLetterTargetArn: unknown }).deadLetterTargetArn)];
  });
  const eventTargets = stack
    .of("aws_cloudwatch_event_target")
    .map((target) => optionalText(target, "dead_letter_config.arn"));
  const arns = [...targets, ...eventTargets].filter((arn) => arn !== undefined);
  return [...new Set(arns.map((arn) => arn.split(":").at(-1) ?? ""))];
}

/** @throws LocalAwsError as CreateEventSourceMapping would, when a message could become visible again while it is being handled */
export function checkVisibility(queue: Resource, functionTimeoutSeconds: number): void {
  const visibility = numberField(queue, "visibility_timeout_seconds", 30);
  if (visibility >= functionTimeoutSeconds) return;
  throw new LocalAwsError(
    "InvalidParameterValue",
    `${queue.address}: Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${functionTimeoutSeconds} seconds`,
  );
}
