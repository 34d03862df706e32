import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import {
  AddPermissionCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { GetParameterCommand, GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { operator } from "../../src/aws/call.ts";
import { sqsRequest } from "../../src/aws/sqs.ts";
import { type LocalAws, startStack } from "../../src/index.ts";
import { account } from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";
import { smallStack } from "../helpers/small-stack.ts";

let aws: LocalAws;
const secret = "made-up-for-the-test";

const client = () => ({ ...aws.clientSettings(), maxAttempts: 1 });
const clientOf = (name: string) => ({ ...aws.clientSettings(name), maxAttempts: 1 });
const bucket = `test-orders-${account}`;
const object = (key: string) => ({ Bucket: bucket, Key: key });
const queueUrl = (name: string, owner = account) => `${aws.gateway.url}/${owner}/${name}`;

const gateway = suite("gateway");

gateway.before(async () => {
  aws = await startStack({ stackDir: smallStack(), parameters: { "/test/secret": secret } });
});
gateway.after(() => aws.stop());

gateway("of many conditional writes of one key, one succeeds and the others get 412", async () => {
  const s3 = new S3Client(client());
  const put = () => s3.send(new PutObjectCommand({ ...object("x/once.json"), Body: "{}", IfNoneMatch: "*" }));
  const results = await Promise.allSettled(Array.from({ length: 8 }, put));
  assert.is(results.filter(({ status }) => status === "fulfilled").length, 1);
  const refused = results.find((result) => result.status === "rejected");
  assert.equal([refused?.reason.name, refused?.reason.$metadata.httpStatusCode], ["PreconditionFailed", 412]);
});

gateway("keys with spaces, unicode, plus and percent, and user metadata, come back as they went in", async () => {
  const s3 = new S3Client(client());
  for (const key of ["x/a order ü 🌟.json", "x/a+b%20c.json", `x/${"k".repeat(900)}`]) {
    await s3.send(new PutObjectCommand({ ...object(key), Body: key, Metadata: { source: "test" } }));
    const read = await s3.send(new GetObjectCommand(object(key)));
    assert.is(await read.Body?.transformToString(), key);
    assert.is(read.Metadata?.source, "test");
    assert.ok(read.LastModified instanceof Date);
  }
});

gateway(
  "a write to a bucket with versioning has a version id, a copy is an object too, and a missing key is NoSuchKey",
  async () => {
    const s3 = new S3Client(client());
    const put = await s3.send(new PutObjectCommand({ ...object("x/v.json"), Body: "{}" }));
    const head = await s3.send(new HeadObjectCommand(object("x/v.json")));
    assert.ok(put.VersionId);
    assert.is(head.VersionId, put.VersionId);
    assert.is(head.ContentLength, 2);
    await s3.send(new CopyObjectCommand({ ...object("x/copy.json"), CopySource: `${bucket}/x/v.json` }));
    assert.is((await failureOf(s3.send(new GetObjectCommand(object("x/gone.json"))))).name, "NoSuchKey");
  },
);

gateway("whoever may not list a bucket gets AccessDenied for a missing key", async () => {
  const s3 = new S3Client(clientOf("test-worker"));
  const error = await failureOf(s3.send(new GetObjectCommand(object("x/gone.json"))));
  assert.is(error.name, "AccessDenied");
  const { $metadata } = await failureOf(s3.send(new HeadObjectCommand(object("x/gone.json"))));
  assert.is($metadata?.httpStatusCode, 403);
});

gateway("queue URLs carry the stack's account, and another account's queue does not exist", async () => {
  const sqs = new SQSClient(client());
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "test-orders-dlq" }));
  assert.is(QueueUrl, queueUrl("test-orders-dlq"));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"SenderId":"000000000000"}' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["All"] }));
  assert.is(Messages?.[0]?.Body, '{"SenderId":"000000000000"}');
  assert.is(Messages?.[0]?.Attributes?.SenderId, "123456789012");
  const foreign = queueUrl("test-orders-dlq", "999999999999");
  const error = await failureOf(sqs.send(new ReceiveMessageCommand({ QueueUrl: foreign })));
  assert.is(error.name, "QueueDoesNotExist");
  const { headers } = await aws.gateway.call(operator, "sqs", sqsRequest("ReceiveMessage", { QueueUrl: foreign }));
  assert.is(headers["x-amzn-query-error"], "AWS.SimpleQueueService.NonExistentQueue;Sender");
});

gateway("secrets are readable with decryption only, and a missing one is ParameterNotFound", async () => {
  const ssm = new SSMClient(client());
  const decrypted = await ssm.send(new GetParameterCommand({ Name: "/test/secret", WithDecryption: true }));
  assert.is(decrypted.Parameter?.Value, secret);
  const encrypted = await ssm.send(new GetParameterCommand({ Name: "/test/secret" }));
  assert.not.match(encrypted.Parameter?.Value ?? secret, secret);
  assert.is(decrypted.Parameter?.Type, "SecureString");
  assert.is((await failureOf(ssm.send(new GetParameterCommand({ Name: "/test/gone" })))).name, "ParameterNotFound");
});

gateway("the stack's parameters are there, and GetParameters takes ten names and names the missing ones", async () => {
  const ssm = new SSMClient(client());
  const names = ["/test/gone", "/test/settings", "/test/secret"];
  const { Parameters, InvalidParameters } = await ssm.send(
    new GetParametersCommand({ Names: names, WithDecryption: true }),
  );
  assert.equal(
    Parameters?.map(({ Name, Type, Value, ARN }) => [Name, Type, Value, ARN]),
    [
      [
        "/test/settings",
        "String",
        `{"bucket":"${bucket}"}`,
        `arn:aws:ssm:eu-central-1:${account}:parameter/test/settings`,
      ],
      ["/test/secret", "SecureString", secret, `arn:aws:ssm:eu-central-1:${account}:parameter/test/secret`],
    ],
  );
  assert.equal(InvalidParameters, ["/test/gone"]);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/test/settings" }));
  assert.is(Parameter?.Value, `{"bucket":"${bucket}"}`);
  const eleven = Array.from({ length: 11 }, (_, index) => `/test/${index}`);
  assert.is((await failureOf(ssm.send(new GetParametersCommand({ Names: eleven })))).name, "ValidationException");
});

gateway(
  "a value that is given for a parameter of the stack is there instead of its own, and has its type",
  async () => {
    const given = await startStack({
      stackDir: smallStack(),
      parameters: async () => ({ "/test/secret": secret, "/test/settings": "other" }),
    });
    try {
      const ssm = new SSMClient(given.clientSettings());
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/test/settings" }));
      assert.equal([Parameter?.Type, Parameter?.Value], ["String", "other"]);
    } finally {
      await given.stop();
    }
  },
);

gateway("conditional writes of items hold", async () => {
  const dynamodb = new DynamoDBClient(client());
  const put = new PutItemCommand({
    TableName: "test-ledger",
    Item: { id: { S: "a" } },
    ConditionExpression: "attribute_not_exists(id)",
  });
  await dynamodb.send(put);
  assert.is((await failureOf(dynamodb.send(put))).name, "ConditionalCheckFailedException");
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "test-ledger", Key: { id: { S: "a" } } }));
  assert.equal(Item, { id: { S: "a" } });
});

gateway("only identities of the stack send, and in the sandbox only to identities", async () => {
  const ses = new SESv2Client(client());
  const mail = (from: string, to: string) =>
    ses.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: "s" }, Body: { Text: { Data: "b" } } } },
      }),
    );
  assert.ok((await mail("Shop <shop@example.com>", "sales@example.com")).MessageId);
  for (const [from, to] of [
    ["evil@example.com", "sales@example.com"],
    ["shop@example.com", "you@example.org"],
  ] as const) {
    const error = await failureOf(mail(from, to));
    assert.equal([error.name, error.$metadata?.httpStatusCode], ["MessageRejected", 400]);
  }
});

gateway("credentials that no one has are refused in each service's own words", async () => {
  const stranger = { ...client(), credentials: { accessKeyId: "AKIASTRANGER", secretAccessKey: "made-up" } };
  const errors = await Promise.all([
    failureOf(new S3Client(stranger).send(new GetObjectCommand(object("x")))),
    failureOf(new SQSClient(stranger).send(new GetQueueUrlCommand({ QueueName: "test-orders" }))),
    failureOf(new SSMClient(stranger).send(new GetParameterCommand({ Name: "/test/secret" }))),
    failureOf(
      new DynamoDBClient(stranger).send(new GetItemCommand({ TableName: "test-ledger", Key: { id: { S: "a" } } })),
    ),
  ]);
  const names = [
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "UnrecognizedClientException",
  ];
  assert.equal(
    errors.map(({ name }) => name),
    names,
  );
});

gateway("a call that the role's policy does not allow gets the service's AccessDenied, and is listed", async () => {
  const mailer = clientOf("test-mailer");
  const QueueUrl = queueUrl("test-orders");
  const error = await failureOf(new SQSClient(mailer).send(new SendMessageCommand({ QueueUrl, MessageBody: "x" })));
  assert.is(error.name, "AccessDenied");
  const role = "arn:aws:sts::123456789012:assumed-role/test-mailer/test-mailer";
  const queue = "arn:aws:sqs:eu-central-1:123456789012:test-orders";
  assert.match(
    error.message,
    `User: ${role} is not authorized to perform: sqs:sendmessage on resource: ${queue} because`,
  );
  const s3 = await failureOf(new S3Client(mailer).send(new PutObjectCommand({ ...object("x/y"), Body: "{}" })));
  assert.equal([s3.name, s3.$metadata?.httpStatusCode], ["AccessDenied", 403]);
  const lines = aws.denials.lines().filter((line) => line.startsWith("test-mailer"));
  assert.match(lines[0] ?? "", `test-mailer was denied sqs:SendMessage on ${queue} (1×). Needed: {"Effect":"Allow"`);
  assert.is(lines.length, 2);
});

gateway("a call whose permissions are not known is refused, and not worth another try", async () => {
  const call = new AddPermissionCommand({
    QueueUrl: queueUrl("test-orders"),
    Label: "a",
    AWSAccountIds: [account],
    Actions: ["*"],
  });
  const error = await failureOf(new SQSClient(clientOf("test-worker")).send(call));
  assert.equal([error.name, error.$metadata?.httpStatusCode], ["UnmappedCall", 400]);
});

gateway("calls are counted by service and operation", () => {
  assert.ok((aws.gateway.counts.get("s3:PutObject") ?? 0) > 0);
});

gateway.run();
