import { Readable } from "node:stream";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { accessDenied, denialMessage, type Refusal } from "../../src/iam/access-denied.ts";
import type { ServiceName } from "../../src/iam/actions.ts";
import { servicePrincipal } from "../../src/iam/principal.ts";
import { requirement } from "../../src/iam/requirement.ts";
import { allow, decideCase, deny, QUEUE, worker } from "./iam-fixtures.ts";

const test = suite("access denied");
const WHO = worker.sessionArn;

function refusal(service: ServiceName, action: string, resource: string, given: object = {}): Refusal {
  const decision = decideCase({ action, resource, ...given });
  if (decision.allowed) throw new Error("the case is allowed");
  return { service, principal: worker, requirement: requirement(action, resource), decision };
}

/** What a real SDK client makes of the answer. */
function client(answer: Refusal, method?: string) {
  const { status, headers, body } = accessDenied(answer, "request-1", method);
  const lowerCased = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: {
      handle: async () => ({ response: { statusCode: status, headers: lowerCased, body: Readable.from([body]) } }),
    },
  };
}

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string };
}

async function failure(call: Promise<unknown>): Promise<SdkError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && "$metadata" in error) return error as unknown as SdkError;
    throw error;
  }
  throw new Error("the call succeeded");
}

test("SQS :: the SDK reads AccessDenied with the action in lower case", async () => {
  const sqs = new SQSClient(client(refusal("sqs", "sqs:SendMessage", QUEUE)));
  const command = new SendMessageCommand({ QueueUrl: "https://sqs.eu-central-1.amazonaws.com/1/q", MessageBody: "x" });
  const { name, message, $metadata } = await failure(sqs.send(command));
  assert.is(name, "AccessDenied");
  assert.is($metadata.httpStatusCode, 403);
  assert.is(
    message,
    `User: ${WHO} is not authorized to perform: sqs:sendmessage on resource: ${QUEUE} because no identity-based policy allows the sqs:sendmessage action`,
  );
});

test("S3 :: the SDK reads AccessDenied with the resource in quotation marks", async () => {
  const s3 = new S3Client(client(refusal("s3", "s3:GetObject", "arn:aws:s3:::orders/a&b.json")));
  const { name, message, $metadata } = await failure(
    s3.send(new GetObjectCommand({ Bucket: "orders", Key: "a&b.json" })),
  );
  assert.is(name, "AccessDenied");
  assert.is($metadata.httpStatusCode, 403);
  assert.is(
    message,
    `User: ${WHO} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::orders/a&b.json" because no identity-based policy allows the s3:GetObject action`,
  );
});

test("S3 :: a refused HEAD has a status and no body", async () => {
  const answer = refusal("s3", "s3:GetObject", "arn:aws:s3:::orders/a.json");
  assert.is(accessDenied(answer, "request-1", "HEAD").body, "");
  const s3 = new S3Client(client(answer, "HEAD"));
  const { $metadata } = await failure(s3.send(new HeadObjectCommand({ Bucket: "orders", Key: "a.json" })));
  assert.is($metadata.httpStatusCode, 403);
});

test("DynamoDB :: the SDK reads AccessDeniedException, 400", async () => {
  const dynamodb = new DynamoDBClient(client(refusal("dynamodb", "dynamodb:GetItem", "arn:aws:dynamodb:x:1:table/t")));
  const { name, message, $metadata } = await failure(dynamodb.send(new GetItemCommand({ TableName: "t", Key: {} })));
  assert.is(name, "AccessDeniedException");
  assert.is($metadata.httpStatusCode, 400);
  assert.is($metadata.requestId, "request-1");
  assert.match(message, "because no identity-based policy allows the dynamodb:GetItem action");
});

test("SSM :: the SDK reads AccessDeniedException, 400", async () => {
  const ssm = new SSMClient(client(refusal("ssm", "ssm:GetParameter", "arn:aws:ssm:x:1:parameter/a")));
  const { name, message, $metadata } = await failure(ssm.send(new GetParameterCommand({ Name: "/a" })));
  assert.is(name, "AccessDeniedException");
  assert.is($metadata.httpStatusCode, 400);
  assert.match(message, "is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:x:1:parameter/a");
});

test("SES :: the SDK reads AccessDeniedException, 403, in SES's own words", async () => {
  const ses = new SESv2Client(client(refusal("ses", "ses:SendEmail", "arn:aws:ses:x:1:identity/example.com")));
  const { name, message, $metadata } = await failure(ses.send(new SendEmailCommand({ Content: {} })));
  assert.is(name, "AccessDeniedException");
  assert.is($metadata.httpStatusCode, 403);
  assert.is(
    message,
    `User \`${WHO}' is not authorized to perform \`ses:SendEmail' on resource \`arn:aws:ses:x:1:identity/example.com'`,
  );
});

test("SNS :: answers AuthorizationError, 403, in XML", () => {
  const answer = accessDenied(refusal("sns", "sns:Publish", "arn:aws:sns:x:1:alarms"), "request-1");
  assert.is(answer.status, 403);
  assert.match(answer.body, "<Code>AuthorizationError</Code>");
  assert.match(answer.body, "is not authorized to perform: SNS:Publish on resource: arn:aws:sns:x:1:alarms");
});

test("X-Ray and Lambda answer 403, CloudWatch Logs 400", () => {
  const status = (service: ServiceName, action: string) => accessDenied(refusal(service, action, "*"), "r").status;
  assert.is(status("xray", "xray:PutTraceSegments"), 403);
  assert.is(status("lambda", "lambda:InvokeFunction"), 403);
  assert.is(status("logs", "logs:PutLogEvents"), 400);
});

test("an explicit deny is told from a missing allow, and by the kind of policy", () => {
  const inIdentity = { identity: deny("*", "*") };
  const inResource = { resourcePolicy: deny("*", "*", { Principal: "*" }), identity: allow("*", "*") };
  const message = (given: object) =>
    denialMessage(refusal("ssm", "ssm:GetParameter", "arn:aws:ssm:x:1:parameter/a", given));
  assert.match(message(inIdentity), /parameter\/a with an explicit deny in an identity-based policy$/);
  assert.match(message(inResource), /parameter\/a with an explicit deny in a resource-based policy$/);
});

test("a service's denial names the service and the resource-based policy", () => {
  const principal = servicePrincipal("events.amazonaws.com");
  const refused = { ...refusal("sqs", "sqs:SendMessage", QUEUE, { principal }), principal };
  assert.is(
    denialMessage(refused),
    `User: events.amazonaws.com is not authorized to perform: sqs:sendmessage on resource: ${QUEUE} because no resource-based policy allows the sqs:sendmessage action`,
  );
});

test.run();
