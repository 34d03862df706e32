import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mapValues } from "es-toolkit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { deadLetterQueues } from "../../src/aws/provision.ts";
import type { LocalAws } from "../../src/index.ts";
import { readStack } from "../../src/stack/stack-file.ts";
import { account, buildStack, ref, region } from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";
import { withStack } from "../helpers/running-stack.ts";

const redrive = JSON.stringify({ deadLetterTargetArn: ref("aws_sqs_queue.dead.arn"), maxReceiveCount: 4 });
const arn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;

/** What somebody chose for a queue. */
async function chosen(aws: LocalAws, name: string) {
  const sqs = new SQSClient(aws.clientSettings());
  const QueueUrl = `${aws.gateway.url}/${account}/${name}`;
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  const names = [
    "QueueArn",
    "VisibilityTimeout",
    "MessageRetentionPeriod",
    "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds",
    "MaximumMessageSize",
    "RedrivePolicy",
  ] as const;
  return Object.fromEntries(names.map((attribute) => [attribute, Attributes[attribute]]));
}

const provisioning = suite("provisioning");

provisioning(
  "every attribute of a queue holds: visibility timeout, retention, delay, wait time, size, redrive policy",
  () => {
    const resource = {
      aws_sqs_queue: {
        dead: { name: "dead", message_retention_seconds: 1_209_600 },
        jobs: {
          name: "jobs",
          visibility_timeout_seconds: 7,
          message_retention_seconds: 3600,
          delay_seconds: 5,
          receive_wait_time_seconds: 9,
          max_message_size: 2048,
          redrive_policy: redrive,
        },
      },
    };
    return withStack({ resource }, async (aws) => {
      assert.equal(await chosen(aws, "jobs"), {
        QueueArn: arn("jobs"),
        VisibilityTimeout: "7",
        MessageRetentionPeriod: "3600",
        DelaySeconds: "5",
        ReceiveMessageWaitTimeSeconds: "9",
        MaximumMessageSize: "2048",
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("dead"), maxReceiveCount: 4 }),
      });
      assert.is((await chosen(aws, "dead")).MessageRetentionPeriod, "1209600");
    });
  },
);

provisioning("a redrive policy may be a resource of its own", () => {
  const resource = {
    aws_sqs_queue: { dead: { name: "dead" }, jobs: { name: "jobs" } },
    aws_sqs_queue_redrive_policy: { jobs: { queue_url: ref("aws_sqs_queue.jobs.id"), redrive_policy: redrive } },
  };
  return withStack({ resource }, async (aws) => {
    const { RedrivePolicy } = await chosen(aws, "jobs");
    assert.equal(JSON.parse(RedrivePolicy ?? ""), { deadLetterTargetArn: arn("dead"), maxReceiveCount: 4 });
  });
});

provisioning("dead letter queues are those that queues and the targets of rules name, once each", () => {
  const target = (queue: string) => ({ dead_letter_config: { arn: ref(`aws_sqs_queue.${queue}.arn`) } });
  const resource = {
    aws_sqs_queue: { dead: { name: "dead" }, lost: { name: "lost" }, jobs: { name: "jobs", redrive_policy: redrive } },
    aws_cloudwatch_event_target: { one: target("lost"), two: target("dead"), three: {} },
  };
  const stack = readStack(buildStack({ resource }), { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" });
  assert.equal(deadLetterQueues(stack), ["dead", "lost"]);
});

provisioning("buckets and tables have the stack's names and keys", () => {
  const resource = {
    aws_s3_bucket: { files: { bucket: "files" } },
    aws_dynamodb_table: {
      items: {
        name: "items",
        hash_key: "shop",
        range_key: "day",
        attribute: [
          { name: "shop", type: "S" },
          { name: "day", type: "N" },
        ],
      },
    },
  };
  return withStack({ resource }, async (aws) => {
    const { Buckets } = await new S3Client(aws.clientSettings()).send(new ListBucketsCommand({}));
    assert.equal(
      Buckets?.map(({ Name }) => Name),
      ["files"],
    );
    const described = await new DynamoDBClient(aws.clientSettings()).send(
      new DescribeTableCommand({ TableName: "items" }),
    );
    assert.equal(described.Table?.KeySchema, [
      { AttributeName: "shop", KeyType: "HASH" },
      { AttributeName: "day", KeyType: "RANGE" },
    ]);
    assert.equal(
      described.Table?.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
      [
        ["shop", "S"],
        ["day", "N"],
      ],
    );
  });
});

provisioning("only a bucket whose versioning is enabled keeps versions", () => {
  const statuses = { kept: "Enabled", suspended: "Suspended" };
  const versioning = mapValues(statuses, (status, name) => ({
    bucket: ref(`aws_s3_bucket.${name}.id`),
    versioning_configuration: { status },
  }));
  const buckets = { kept: { bucket: "kept" }, suspended: { bucket: "suspended" }, plain: { bucket: "plain" } };
  const stack = buildStack({ resource: { aws_s3_bucket: buckets, aws_s3_bucket_versioning: versioning } });
  return withStack(stack, async (aws) => {
    const s3 = new S3Client(aws.clientSettings());
    const ids = Object.keys(buckets).map(async (Bucket) => {
      const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "one" }));
      return [
        Bucket,
        VersionId !== undefined,
        (await s3.send(new GetObjectCommand({ Bucket, Key: "a" }))).VersionId === VersionId,
      ];
    });
    assert.equal(await Promise.all(ids), [
      ["kept", true, true],
      ["suspended", false, true],
      ["plain", false, true],
    ]);
    const read = s3.send(new GetObjectCommand({ Bucket: "plain", Key: "a", VersionId: "v1" }));
    assert.is((await failureOf(read)).name, "NoSuchVersion");
  });
});

provisioning("resource types that local-aws does not simulate are listed", () =>
  withStack(
    buildStack({ resource: { aws_cloudwatch_dashboard: { board: { dashboard_body: ref("unknown.thing") } } } }),
    async ({ notSimulated }) => {
      assert.equal(notSimulated, ["aws_cloudwatch_dashboard"]);
    },
  ),
);

provisioning.run();
