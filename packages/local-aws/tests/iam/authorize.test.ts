import { suite } from "uvu";
import * as assert from "uvu/assert";
import { operator } from "../../src/aws/call.ts";
import { listingNeeded } from "../../src/aws/hidden-keys.ts";
import { authorize, type Caller } from "../../src/iam/authorize.ts";
import { DenialLog } from "../../src/iam/denials.ts";
import type { Policy } from "../../src/iam/policy.ts";
import { servicePrincipal } from "../../src/iam/principal.ts";
import { defaultTopicPolicy, lambdaPermissionPolicy } from "../../src/iam/resource-policies.ts";
import { ACCOUNT_ID, account, allow, deny, policy, QUEUE, REGION, worker } from "./iam-fixtures.ts";

const test = suite("authorize");
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:shop-dev-alarms`;
const ALARM = `arn:aws:cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:shop-dev-orders-dlq`;
const API = `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:api/*/*/{source}`;
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:shop-dev-intake`;

const role = (...statements: unknown[]): Caller => ({
  principal: worker,
  policies: statements.length === 0 ? [] : [policy(statements)],
});
const service = (name: string, sourceArn: string): Caller => ({
  principal: servicePrincipal(name),
  policies: [],
  sourceArn,
});
const resources = (policies: Record<string, Policy>) => ({
  resourcePoliciesOf: (arn: string) => [policies[arn]].filter((found) => found !== undefined),
});
const getObject = { operation: "GetObject", parameters: { Bucket: "orders", Key: "a.json" } };
const getBoth = { operation: "GetParameters", parameters: { Names: ["/a", "/b"] } };
const publish = { operation: "Publish", parameters: { TopicArn: TOPIC } };

test("a call goes ahead when every permission that it needs is there", () => {
  const one = allow("ssm:GetParameters", `arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter/a`);
  const other = allow("ssm:GetParameters", `arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter/b`);
  assert.is(authorize("ssm", getBoth, role(one, other), account()), undefined);
  const refusal = authorize("ssm", getBoth, role(one), account());
  assert.is(refusal?.requirement.resource, `arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter/b`);
});

test("an object is under its bucket's policy", () => {
  const bucketPolicy = policy(deny("s3:*", "arn:aws:s3:::orders/*", { Principal: "*" }), "resource");
  const caller = role(allow("s3:GetObject", "*"));
  assert.is(authorize("s3", getObject, caller, account()), undefined);
  const refusal = authorize("s3", getObject, caller, account(resources({ "arn:aws:s3:::orders": bucketPolicy })));
  assert.is(refusal?.decision.reason, "explicitDeny");
  const twoLines = { operation: "GetObject", parameters: { Bucket: "orders", Key: "a\n/b" } };
  const both = account(resources({ "arn:aws:s3:::orders": bucketPolicy }));
  assert.is(authorize("s3", twoLines, caller, both)?.decision.reason, "explicitDeny");
});

test("who may not list a bucket does not learn that an object is missing", () => {
  const reader = allow("s3:GetObject", "arn:aws:s3:::orders/*");
  const seeing = { operation: "HeadBucket", parameters: { Bucket: "orders" } };
  assert.is(authorize("s3", seeing, role(reader), account())?.requirement.action, "s3:ListBucket");
  const lister = allow("s3:ListBucket", "arn:aws:s3:::orders");
  assert.is(authorize("s3", seeing, role(reader, lister), account()), undefined);
});

test("reading a version takes its own permission, and who may not list the bucket does not learn that it is missing", () => {
  const version = { operation: "GetObject", parameters: { Bucket: "orders", Key: "a.json", VersionId: "v1" } };
  const objects = "arn:aws:s3:::orders/*";
  const refusal = authorize("s3", version, role(allow("s3:GetObject", objects)), account());
  assert.is(refusal?.requirement.action, "s3:GetObjectVersion");
  assert.is(authorize("s3", version, role(allow("s3:GetObjectVersion", objects)), account()), undefined);
  const missing = { status: 404, headers: {}, body: "" };
  const seeing = listingNeeded({ caller: operator, service: "s3", ...version }, missing);
  assert.equal([seeing?.operation, seeing?.parameters], ["HeadBucket", { Bucket: "orders" }]);
});

test("a sender's address may be a condition", () => {
  const Condition = { StringEquals: { "ses:FromAddress": "orders@example.com" } };
  const caller = role(allow("ses:SendEmail", "*", { Condition }));
  const from = (FromEmailAddress: string) => ({
    operation: "SendEmail",
    parameters: { FromEmailAddress, Content: { Simple: {} } },
  });
  assert.is(authorize("ses", from("Orders <orders@example.com>"), caller, account()), undefined);
  assert.ok(authorize("ses", from("ceo@example.com"), caller, account()));
});

test("a role does not reach another environment's objects or tables", () => {
  const caller = role(
    allow("s3:GetObject", "arn:aws:s3:::shop-dev-orders-111122223333/*"),
    allow("dynamodb:PutItem", `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/shop-dev-ledger`),
  );
  const parameters = { Bucket: "shop-prod-orders-111122223333", Key: "a.json", TableName: "shop-prod-ledger" };
  assert.ok(authorize("s3", { operation: "GetObject", parameters }, caller, account()));
  assert.ok(authorize("dynamodb", { operation: "PutItem", parameters }, caller, account()));
});

test("a topic without a policy of its own takes alarms of its account and no one else", () => {
  const own = account(resources({ [TOPIC]: defaultTopicPolicy(TOPIC, ACCOUNT_ID) }));
  assert.is(authorize("sns", publish, service("cloudwatch.amazonaws.com", ALARM), own), undefined);
  assert.ok(authorize("sns", publish, role(), own));
  assert.ok(authorize("sns", publish, service("cloudwatch.amazonaws.com", ALARM), account()));
});

test("API Gateway may invoke a function from the API that the permission names", () => {
  const permission = { statementId: "api", principal: "apigateway.amazonaws.com", action: "lambda:InvokeFunction" };
  const functionPolicy = lambdaPermissionPolicy({ ...permission, functionArn: FUNCTION, sourceArn: API });
  const own = account(resources({ [FUNCTION]: functionPolicy }));
  const invoke = { operation: "Invoke", parameters: { FunctionName: "shop-dev-intake" } };
  const from = (api: string) => service("apigateway.amazonaws.com", api.replace("*/*", "$default/POST"));
  assert.is(authorize("lambda", invoke, from(API), own), undefined);
  assert.ok(authorize("lambda", invoke, from(API.replace(":api/", ":other/")), own));
});

test("the function whose code calls is in the context", () => {
  const Condition = { ArnEquals: { "lambda:SourceFunctionArn": FUNCTION } };
  const caller = role(allow("s3:GetObject", "*", { Condition }));
  assert.is(authorize("s3", getObject, { ...caller, functionArn: FUNCTION }, account()), undefined);
  assert.ok(authorize("s3", getObject, caller, account()));
});

test("denials are listed once each, with the statement that is needed", () => {
  const log = new DenialLog();
  const refusal = authorize("s3", getObject, role(), account());
  if (!refusal) return assert.unreachable();
  const { requirement, decision } = refusal;
  const entry = { caller: "worker", action: requirement.action, resource: requirement.resource, decision };
  const told: string[] = [];
  log.on("denied", (line) => told.push(line));
  log.add(entry);
  log.add(entry);
  assert.equal(log.lines(), [
    'worker was denied s3:GetObject on arn:aws:s3:::orders/a.json (2×). Needed: {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::orders/a.json"}',
  ]);
  assert.equal(
    told,
    log.lines().map((line) => line.replace(" (2×)", "")),
    "told once, when it happens for the first time",
  );
  log.add({ ...entry, resource: "arn:aws:s3:::orders/b.json" });
  log.add({ ...entry, caller: "mailer" });
  assert.equal(
    log.entries.map(({ caller, resource, count }) => [caller, resource.slice(-6), count]),
    [
      ["worker", "a.json", 2],
      ["worker", "b.json", 1],
      ["mailer", "a.json", 1],
    ],
  );
});

test("a denial names the statement that denies, or whose condition is not met", () => {
  const log = new DenialLog();
  const listed = (statement: object) => {
    const refusal = authorize("s3", getObject, role(statement), account());
    if (refusal) log.add({ caller: "worker", action: "s3:GetObject", resource: "*", decision: refusal.decision });
  };
  listed(deny("s3:*", "*", { Sid: "NoBuckets" }));
  listed(allow("s3:*", "*", { Sid: "FromOffice", Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }));
  const [denied = "", unmet = ""] = log.lines();
  assert.match(denied, "An explicit deny stands in identity-policy, statement NoBuckets.");
  assert.match(unmet, "statement FromOffice, would allow it but for its condition IpAddress aws:SourceIp.");
});

test("a caller of a queue is refused without its own statement", () => {
  const parameters = { QueueUrl: `http://127.0.0.1:1/${ACCOUNT_ID}/shop-dev-orders` };
  const sendBatch = { operation: "SendMessageBatch", parameters };
  assert.is(authorize("sqs", sendBatch, role(allow("sqs:SendMessage", QUEUE)), account()), undefined);
  assert.ok(authorize("sqs", sendBatch, role(allow("sqs:SendMessageBatch", QUEUE)), account()));
});

test.run();
