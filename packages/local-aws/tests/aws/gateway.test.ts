import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { operatorAccessKeyId, type Platform, startPlatform } from "../../../../local/platform.ts";
import { failureOf } from "../../../../tests/helpers/failure.ts";
import { smallStack } from "../../../../tests/helpers/small-stack.ts";

let platform: Platform;

const client = (accessKeyId = operatorAccessKeyId) => ({
  endpoint: platform.gateway.url,
  region: "eu-central-1",
  credentials: { accessKeyId, secretAccessKey: "made-up" },
  maxAttempts: 1,
});
const clientOf = (name: string) => client(platform.functions.get(name)?.settings.accessKeyId);
const object = (key: string) => ({ Bucket: platform.bucket, Key: key });

const gateway = suite("gateway");

gateway.before(async () => {
  platform = await startPlatform({ stackDir: smallStack() });
});
gateway.after(() => platform.stop());

gateway("S3: of many conditional writes of one key, one succeeds and the others get 412", async () => {
  const s3 = new S3Client(client());
  const put = () => s3.send(new PutObjectCommand({ ...object("x/once.json"), Body: "{}", IfNoneMatch: "*" }));
  const results = await Promise.allSettled(Array.from({ length: 8 }, put));
  assert.is(results.filter(({ status }) => status === "fulfilled").length, 1);
  const refused = results.find((result) => result.status === "rejected");
  assert.equal([refused?.reason.name, refused?.reason.$metadata.httpStatusCode], ["PreconditionFailed", 412]);
});

gateway("S3: keys with spaces, unicode, plus and percent come back as they went in", async () => {
  const s3 = new S3Client(client());
  for (const key of ["x/a lead ü 🌟.json", "x/a+b%20c.json", `x/${"k".repeat(900)}`]) {
    await s3.send(new PutObjectCommand({ ...object(key), Body: key, Metadata: { source: "test" } }));
    const read = await s3.send(new GetObjectCommand(object(key)));
    assert.is(await read.Body?.transformToString(), key);
    assert.is(read.Metadata?.source, "test");
    assert.ok(read.LastModified instanceof Date);
  }
});

gateway("S3: every write has a version id, a copy is an object too, and a missing key is NoSuchKey", async () => {
  const s3 = new S3Client(client());
  const put = await s3.send(new PutObjectCommand({ ...object("x/v.json"), Body: "{}" }));
  const head = await s3.send(new HeadObjectCommand(object("x/v.json")));
  assert.ok(put.VersionId);
  assert.is(head.VersionId, put.VersionId);
  assert.is(head.ContentLength, 2);
  await s3.send(new CopyObjectCommand({ ...object("x/copy.json"), CopySource: `${platform.bucket}/x/v.json` }));
  assert.is((await failureOf(s3.send(new GetObjectCommand(object("x/gone.json"))))).name, "NoSuchKey");
});

gateway("S3: whoever may not list a bucket gets AccessDenied for a missing key", async () => {
  const error = await failureOf(
    new S3Client(clientOf("small-enrich")).send(new GetObjectCommand(object("x/gone.json"))),
  );
  assert.is(error.name, "AccessDenied");
});

gateway("SQS: queue URLs carry the stack's account, and another account's queue does not exist", async () => {
  const sqs = new SQSClient(client());
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "small-leads-dlq" }));
  assert.is(QueueUrl, `${platform.gateway.url}/123456789012/small-leads-dlq`);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"SenderId":"000000000000"}' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["All"] }));
  assert.is(Messages?.[0]?.Body, '{"SenderId":"000000000000"}');
  assert.is(Messages?.[0]?.Attributes?.SenderId, "123456789012");
  const foreign = `${platform.gateway.url}/999999999999/small-leads-dlq`;
  const error = await failureOf(sqs.send(new ReceiveMessageCommand({ QueueUrl: foreign })));
  assert.is(error.name, "QueueDoesNotExist");
});

gateway("SSM: secrets are readable with decryption only, and a missing one is ParameterNotFound", async () => {
  const ssm = new SSMClient(client());
  const secret = await ssm.send(new GetParameterCommand({ Name: "/small/website", WithDecryption: true }));
  assert.match(secret.Parameter?.Value ?? "", /^whsec_/);
  const encrypted = await ssm.send(new GetParameterCommand({ Name: "/small/website" }));
  assert.not.match(encrypted.Parameter?.Value ?? "", /whsec_/);
  assert.is((await failureOf(ssm.send(new GetParameterCommand({ Name: "/small/gone" })))).name, "ParameterNotFound");
});

gateway("DynamoDB: conditional writes hold", async () => {
  const dynamodb = new DynamoDBClient(client());
  const put = new PutItemCommand({
    TableName: "small-ledger",
    Item: { id: { S: "a" } },
    ConditionExpression: "attribute_not_exists(id)",
  });
  await dynamodb.send(put);
  assert.is((await failureOf(dynamodb.send(put))).name, "ConditionalCheckFailedException");
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "small-ledger", Key: { id: { S: "a" } } }));
  assert.equal(Item, { id: { S: "a" } });
});

gateway("SES: only identities of the stack send, and in the sandbox only to identities", async () => {
  const ses = new SESv2Client(client());
  const mail = (from: string, to: string) =>
    ses.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: "s" }, Body: { Text: { Data: "b" } } } },
      }),
    );
  assert.ok((await mail("Leads <leads@example.com>", "sales@example.com")).MessageId);
  for (const [from, to] of [
    ["evil@example.com", "sales@example.com"],
    ["leads@example.com", "you@example.org"],
  ] as const) {
    const error = await failureOf(mail(from, to));
    assert.equal([error.name, error.$metadata?.httpStatusCode], ["MessageRejected", 400]);
  }
});

gateway("credentials that no one has are refused in each service's own words", async () => {
  const stranger = client("AKIASTRANGER");
  const errors = await Promise.all([
    failureOf(new S3Client(stranger).send(new GetObjectCommand(object("x")))),
    failureOf(new SQSClient(stranger).send(new GetQueueUrlCommand({ QueueName: "small-leads" }))),
    failureOf(new SSMClient(stranger).send(new GetParameterCommand({ Name: "/small/slack" }))),
    failureOf(
      new DynamoDBClient(stranger).send(new GetItemCommand({ TableName: "small-ledger", Key: { id: { S: "a" } } })),
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
  const notify = clientOf("small-notify");
  const QueueUrl = `${platform.gateway.url}/123456789012/small-leads`;
  const error = await failureOf(new SQSClient(notify).send(new SendMessageCommand({ QueueUrl, MessageBody: "x" })));
  assert.is(error.name, "AccessDenied");
  const role = "arn:aws:sts::123456789012:assumed-role/small-notify/small-notify";
  const queue = "arn:aws:sqs:eu-central-1:123456789012:small-leads";
  assert.match(
    error.message,
    `User: ${role} is not authorized to perform: sqs:sendmessage on resource: ${queue} because`,
  );
  const s3 = await failureOf(new S3Client(notify).send(new PutObjectCommand({ ...object("x/y"), Body: "{}" })));
  assert.equal([s3.name, s3.$metadata?.httpStatusCode], ["AccessDenied", 403]);
  const lines = platform.denials.lines().filter((line) => line.startsWith("small-notify"));
  assert.match(lines[0] ?? "", `small-notify was denied sqs:SendMessage on ${queue} (1×). Needed: {"Effect":"Allow"`);
  assert.is(lines.length, 2);
});

gateway("calls are counted by service and operation", () => {
  assert.ok((platform.gateway.counts.get("s3:PutObject") ?? 0) > 0);
});

gateway.run();
