import { suite } from "uvu";
import * as assert from "uvu/assert";
import { requirementsOf, type ServiceName } from "../../src/iam/actions.ts";
import { type Parameters, UnmappedCallError } from "../../src/iam/requirement.ts";
import { account } from "./iam-fixtures.ts";

const test = suite("actions");
const HERE = "eu-central-1:111122223333";
const QueueUrl = "http://sqs.eu-central-1.localhost:4566/111122223333/shop-dev-orders";
const ORDERS = `arn:aws:sqs:${HERE}:shop-dev-orders`;
const LEDGER = `arn:aws:dynamodb:${HERE}:table/shop-dev-ledger`;
const TableName = "shop-dev-ledger";
const object = { Bucket: "orders", Key: "packed/a b.json" };
const stream = { logGroupName: "/aws/lambda/worker", logStreamName: "2026/06/01/[1]a" };
const mail = { FromEmailAddress: "orders@example.com", Destination: { ToAddresses: ["sales@example.org"] } };
const raw = Buffer.from("To: a@b.c\r\nFrom: Orders\r\n <orders@example.com>\r\n\r\nFrom: other@x.y").toString("base64");
const SES = `arn:aws:ses:${HERE}`;

function needs(service: ServiceName, operation: string, parameters: Parameters, sesSandbox = true): string[] {
  const requirements = requirementsOf(service, { operation, parameters }, account({ sesSandbox }));
  return requirements.map(({ action, resource }) => `${action} ${resource}`);
}

function contextOf(service: ServiceName, operation: string, parameters: Parameters) {
  return requirementsOf(service, { operation, parameters }, account())[0]?.context;
}

const NEEDS: [service: ServiceName, operation: string, parameters: Parameters, needed: string[]][] = [
  ["s3", "GetObject", object, ["s3:GetObject arn:aws:s3:::orders/packed/a b.json"]],
  ["s3", "HeadObject", object, ["s3:GetObject arn:aws:s3:::orders/packed/a b.json"]],
  ["s3", "GetObject", { ...object, VersionId: "1" }, ["s3:GetObjectVersion arn:aws:s3:::orders/packed/a b.json"]],
  ["s3", "PutObject", { ...object, IfNoneMatch: "*" }, ["s3:PutObject arn:aws:s3:::orders/packed/a b.json"]],
  [
    "s3",
    "PutObject",
    { ...object, Tagging: "a=b", IfMatch: "x" },
    ["s3:PutObject", "s3:PutObjectTagging", "s3:GetObject"].map((a) => `${a} arn:aws:s3:::orders/packed/a b.json`),
  ],
  ["s3", "DeleteObject", object, ["s3:DeleteObject arn:aws:s3:::orders/packed/a b.json"]],
  [
    "s3",
    "DeleteObjects",
    { Bucket: "orders", Delete: { Objects: [{ Key: "a" }, { Key: "b", VersionId: "1" }] } },
    ["s3:DeleteObject arn:aws:s3:::orders/a", "s3:DeleteObjectVersion arn:aws:s3:::orders/b"],
  ],
  ["s3", "ListObjectsV2", { Bucket: "orders", Prefix: "packed/" }, ["s3:ListBucket arn:aws:s3:::orders"]],
  ["s3", "HeadBucket", { Bucket: "orders" }, ["s3:ListBucket arn:aws:s3:::orders"]],
  [
    "s3",
    "CopyObject",
    { Bucket: "to", Key: "k", CopySource: "/from/a%20b" },
    ["s3:GetObject arn:aws:s3:::from/a b", "s3:PutObject arn:aws:s3:::to/k"],
  ],
  [
    "s3",
    "CopyObject",
    { Bucket: "to", Key: "k", CopySource: "from/a?versionId=1" },
    ["s3:GetObjectVersion arn:aws:s3:::from/a", "s3:PutObject arn:aws:s3:::to/k"],
  ],
  [
    "sqs",
    "StartMessageMoveTask",
    { SourceArn: "arn:dead", DestinationArn: "arn:jobs" },
    [
      ...["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map(
        (a) => `sqs:${a} arn:dead`,
      ),
      "sqs:SendMessage arn:jobs",
    ],
  ],
  ["sqs", "SendMessage", { QueueUrl }, [`sqs:SendMessage ${ORDERS}`]],
  ["sqs", "SendMessageBatch", { QueueUrl }, [`sqs:SendMessage ${ORDERS}`]],
  ["sqs", "DeleteMessageBatch", { QueueUrl }, [`sqs:DeleteMessage ${ORDERS}`]],
  ["sqs", "ChangeMessageVisibilityBatch", { QueueUrl }, [`sqs:ChangeMessageVisibility ${ORDERS}`]],
  ["sqs", "ReceiveMessage", { QueueUrl }, [`sqs:ReceiveMessage ${ORDERS}`]],
  ["sqs", "GetQueueAttributes", { QueueUrl }, [`sqs:GetQueueAttributes ${ORDERS}`]],
  ["sqs", "GetQueueUrl", { QueueName: "shop-dev-orders" }, [`sqs:GetQueueUrl ${ORDERS}`]],
  ["sns", "Publish", { TopicArn: "arn:aws:sns:x:1:alarms" }, ["sns:Publish arn:aws:sns:x:1:alarms"]],
  ["sns", "PublishBatch", { TopicArn: "arn:aws:sns:x:1:alarms" }, ["sns:Publish arn:aws:sns:x:1:alarms"]],
  ["dynamodb", "GetItem", { TableName, Key: {} }, [`dynamodb:GetItem ${LEDGER}`]],
  ["dynamodb", "PutItem", { TableName, Item: {} }, [`dynamodb:PutItem ${LEDGER}`]],
  ["dynamodb", "UpdateItem", { TableName, Key: {} }, [`dynamodb:UpdateItem ${LEDGER}`]],
  ["dynamodb", "DeleteItem", { TableName: LEDGER, Key: {} }, [`dynamodb:DeleteItem ${LEDGER}`]],
  ["dynamodb", "Query", { TableName, IndexName: "by-day" }, [`dynamodb:Query ${LEDGER}/index/by-day`]],
  ["dynamodb", "BatchGetItem", { RequestItems: { [TableName]: { Keys: [] } } }, [`dynamodb:BatchGetItem ${LEDGER}`]],
  [
    "dynamodb",
    "TransactWriteItems",
    { TransactItems: [{ Put: { TableName, Item: {} } }, { ConditionCheck: { TableName, Key: {} } }] },
    [`dynamodb:PutItem ${LEDGER}`, `dynamodb:ConditionCheckItem ${LEDGER}`],
  ],
  ["ssm", "GetParameter", { Name: "/shop/dev/x" }, [`ssm:GetParameter arn:aws:ssm:${HERE}:parameter/shop/dev/x`]],
  ["ssm", "GetParameter", { Name: "arn:aws:ssm:x:1:parameter/a:3" }, ["ssm:GetParameter arn:aws:ssm:x:1:parameter/a"]],
  ["ssm", "GetParameter", { Name: "x:3" }, [`ssm:GetParameter arn:aws:ssm:${HERE}:parameter/x`]],
  [
    "ssm",
    "GetParameters",
    { Names: ["/a", "b"] },
    [`ssm:GetParameters arn:aws:ssm:${HERE}:parameter/a`, `ssm:GetParameters arn:aws:ssm:${HERE}:parameter/b`],
  ],
  ["lambda", "Invoke", { FunctionName: "intake" }, [`lambda:InvokeFunction arn:aws:lambda:${HERE}:function:intake`]],
  [
    "logs",
    "PutLogEvents",
    stream,
    [`logs:PutLogEvents arn:aws:logs:${HERE}:log-group:/aws/lambda/worker:log-stream:2026/06/01/[1]a`],
  ],
  [
    "logs",
    "CreateLogStream",
    stream,
    [`logs:CreateLogStream arn:aws:logs:${HERE}:log-group:/aws/lambda/worker:log-stream:2026/06/01/[1]a`],
  ],
  ["xray", "PutTraceSegments", {}, ["xray:PutTraceSegments *"]],
  ["ses", "GetAccount", {}, ["ses:GetAccount *"]],
  ["ses", "GetSuppressedDestination", { EmailAddress: "a@example.com" }, ["ses:GetSuppressedDestination *"]],
];

for (const [service, operation, parameters, needed] of NEEDS) {
  test(`${service} :: ${operation} ${JSON.stringify(parameters)} needs ${needed.join(" and ")}`, () =>
    assert.equal(needs(service, operation, parameters), needed));
}

test("ses :: the sender's own identity goes before its domain's, in the sandbox recipients' identities count too", () => {
  const simple = { ...mail, Content: { Simple: {} } };
  assert.equal(needs("ses", "SendEmail", simple), [
    `ses:SendEmail ${SES}:identity/orders@example.com`,
    `ses:SendEmail ${SES}:identity/example.org`,
  ]);
  assert.equal(needs("ses", "SendEmail", simple, false), [`ses:SendEmail ${SES}:identity/orders@example.com`]);
  const subdomain = { ...simple, FromEmailAddress: "a@mail.example.org" };
  assert.equal(needs("ses", "SendEmail", subdomain, false), [`ses:SendEmail ${SES}:identity/example.org`]);
});

test("ses :: a configuration set needs its own permission", () => {
  const parameters = { ...mail, Content: { Simple: {} }, ConfigurationSetName: "shop-prod" };
  assert.ok(needs("ses", "SendEmail", parameters).includes(`ses:SendEmail ${SES}:configuration-set/shop-prod`));
});

test("ses :: raw content needs SendRawEmail, its sender may stand in the header", () => {
  const parameters = { Content: { Raw: { Data: raw } } };
  assert.equal(needs("ses", "SendEmail", parameters), [`ses:SendRawEmail ${SES}:identity/orders@example.com`]);
});

test("ses :: the context names sender, display name and recipients", () => {
  const parameters = { ...mail, FromEmailAddress: '"Shop dev" <orders@example.com>', Content: { Simple: {} } };
  assert.equal(contextOf("ses", "SendEmail", parameters), {
    "ses:ApiVersion": "2",
    "ses:FromAddress": "orders@example.com",
    "ses:FromDisplayName": "Shop dev",
    "ses:Recipients": ["sales@example.org"],
  });
});

test("s3 :: a listing's context names its prefix, a conditional write's its condition", () => {
  assert.equal(contextOf("s3", "ListObjectsV2", { Bucket: "b", Prefix: "packed/", MaxKeys: 10 }), {
    "s3:prefix": "packed/",
    "s3:max-keys": 10,
  });
  assert.equal(contextOf("s3", "PutObject", { ...object, IfNoneMatch: "*" }), { "s3:if-none-match": "*" });
  const all = { ACL: "a", IfMatch: "b", ServerSideEncryption: "c", SSEKMSKeyId: "d", StorageClass: "e" };
  assert.equal(contextOf("s3", "PutObject", { ...object, ...all }), {
    "s3:x-amz-acl": "a",
    "s3:if-match": "b",
    "s3:x-amz-server-side-encryption": "c",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "d",
    "s3:x-amz-storage-class": "e",
  });
  assert.equal(contextOf("s3", "GetObject", { ...object, VersionId: "1" }), { "s3:versionid": "1" });
});

test("dynamodb :: the context names the partition keys where the table's key is known", () => {
  const leadingKeys = { "dynamodb:LeadingKeys": ["order-1"] };
  assert.equal(contextOf("dynamodb", "GetItem", { TableName, Key: { pk: { S: "order-1" } } }), leadingKeys);
  assert.equal(contextOf("dynamodb", "PutItem", { TableName, Item: { pk: { S: "order-1" } } }), leadingKeys);
  const writes = { RequestItems: { [TableName]: [{ PutRequest: { Item: { pk: { S: "order-1" } } } }] } };
  assert.equal(contextOf("dynamodb", "BatchWriteItem", writes), leadingKeys);
  const deletes = { RequestItems: { [TableName]: [{ DeleteRequest: { Key: { pk: { S: "order-1" } } } }] } };
  assert.equal(contextOf("dynamodb", "BatchWriteItem", deletes), leadingKeys);
  assert.equal(contextOf("dynamodb", "GetItem", { TableName: "other", Key: { pk: { S: "order-1" } } }), {});
});

const UNKNOWN: [service: ServiceName, operation: string, parameters: Parameters][] = [
  ["s3", "PutBucketPolicy", { Bucket: "orders" }],
  ["sqs", "AddPermission", { QueueUrl }],
  ["sqs", "SendMessage", {}],
  ["sqs", "SendMessage", { QueueUrl: "http://localhost/orders" }],
  ["sns", "CreateTopic", {}],
  ["ses", "SendEmail", { ...mail, Content: { Template: {} } }],
  ["ses", "SendEmail", { Content: { Simple: {} } }],
  ["dynamodb", "DeleteTable", { TableName }],
  ["dynamodb", "BatchGetItem", {}],
  ["ssm", "GetParameters", {}],
  ["logs", "DeleteLogGroup", stream],
  ["xray", "GetTraceSummaries", {}],
  ["lambda", "UpdateFunctionCode", { FunctionName: "intake" }],
];

for (const [service, operation, parameters] of UNKNOWN) {
  test(`unknown :: ${service} ${operation} ${JSON.stringify(parameters)} is an error, not a permission`, () =>
    assert.throws(
      () => needs(service, operation, parameters),
      (error: unknown) => error instanceof UnmappedCallError,
    ));
}

test.run();
