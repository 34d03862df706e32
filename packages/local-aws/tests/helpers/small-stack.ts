import { account, allow, buildStack, consume, httpApi, lets, mapping, objectCreatedIn, ref } from "./build-stack.ts";

const intake = `
import { call } from "./aws.mjs";
export const handler = async (event) => {
  const key = event.pathParameters.shop + ".json";
  const stored = await call("s3", "PUT", "/" + process.env.ORDERS_BUCKET + "/" + key, { "if-none-match": "*", "content-type": "application/json" }, event.body);
  console.log("stored", key);
  return { statusCode: stored.status === 200 ? 202 : 409, body: key };
};
`;

const worker = `
import { call } from "./aws.mjs";
export const handler = async (event) => {
  for (const record of event.Records) {
    const { key } = JSON.parse(record.body).detail.object;
    const order = await call("s3", "GET", "/" + process.env.ORDERS_BUCKET + "/" + key);
    await call("s3", "PUT", "/" + process.env.ORDERS_BUCKET + "/packed/" + key, {}, order.text);
  }
  return { batchItemFailures: [] };
};
`;

const orders = (prefix = "") => `${ref("aws_s3_bucket.orders.arn")}/${prefix}*`;
const bucket = { ORDERS_BUCKET: ref("aws_s3_bucket.orders.id") };
const identity = (name: string) => ref(`aws_sesv2_email_identity.${name}.arn`);

/** A shop with every kind of resource that local-aws simulates: an order is stored by the API, and packed by a worker. */
export const smallStack = (): string =>
  buildStack({
    functions: {
      intake: { source: intake, variables: bucket, allows: [allow("s3:PutObject", orders())] },
      worker: {
        source: worker,
        variables: bucket,
        allows: [consume("orders"), allow("s3:GetObject", orders()), allow("s3:PutObject", orders("packed/"))],
      },
      mailer: {
        source: "export const handler = () => undefined;",
        allows: [
          allow("ssm:GetParameter", `arn:aws:ssm:*:${account}:parameter/test/*`),
          allow("ses:SendEmail", identity("sender"), identity("sales")),
        ],
      },
    },
    resource: {
      ...httpApi("intake"),
      aws_ssm_parameter: {
        settings: {
          name: "/test/settings",
          type: "String",
          insecure_value: `{"bucket":"${ref("aws_s3_bucket.orders.id")}"}`,
        },
      },
      aws_s3_bucket: { orders: { bucket: `test-orders-${ref("data.aws_caller_identity.current.account_id")}` } },
      aws_s3_bucket_versioning: {
        orders: { bucket: ref("aws_s3_bucket.orders.id"), versioning_configuration: { status: "Enabled" } },
      },
      aws_s3_bucket_notification: { orders: { bucket: ref("aws_s3_bucket.orders.id"), eventbridge: true } },
      aws_sqs_queue: {
        orders_dlq: { name: "test-orders-dlq" },
        orders: {
          name: "test-orders",
          visibility_timeout_seconds: 30,
          redrive_policy: JSON.stringify({
            deadLetterTargetArn: ref("aws_sqs_queue.orders_dlq.arn"),
            maxReceiveCount: 1,
          }),
        },
      },
      aws_sqs_queue_policy: { orders: lets("orders", "stored") },
      aws_cloudwatch_event_rule: {
        stored: {
          name: "test-stored",
          event_pattern: objectCreatedIn("orders", { "anything-but": { wildcard: "*/*" } }),
        },
      },
      aws_cloudwatch_event_target: {
        stored: { rule: ref("aws_cloudwatch_event_rule.stored.name"), arn: ref("aws_sqs_queue.orders.arn") },
      },
      aws_lambda_event_source_mapping: {
        orders: mapping("orders", "worker", { function_response_types: ["ReportBatchItemFailures"] }),
      },
      aws_dynamodb_table: {
        ledger: {
          name: "test-ledger",
          hash_key: "id",
          attribute: [{ name: "id", type: "S" }],
          ttl: { attribute_name: "expiresAt", enabled: true },
        },
      },
      aws_sns_topic: { alarms: { name: "test-alarms" } },
      aws_sesv2_email_identity: {
        sender: { email_identity: "shop@example.com" },
        sales: { email_identity: "sales@example.com" },
      },
      aws_cloudwatch_dashboard: { board: { dashboard_body: ref("unknown_thing.that.is_not_read") } },
    },
    data: { aws_caller_identity: { current: {} } },
    output: { bucket: { value: ref("aws_s3_bucket.orders.bucket") } },
  });
