import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParametersByPathCommand, GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Platform } from "../../local/platform.ts";

export type FunctionName = "ingest" | "enrich" | "notify";

/** The SDK's clients with the credentials that a function has. */
export function clientsOf({ gateway, stack, functions }: Platform, name: FunctionName) {
  const accessKeyId = functions.get(`leadwire-dev-${name}`)?.settings.accessKeyId ?? "";
  const settings = {
    endpoint: gateway.url,
    region: stack.place.region,
    credentials: { accessKeyId, secretAccessKey: "made-up" },
    maxAttempts: 1,
  };
  return {
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    dynamo: new DynamoDBClient(settings),
    ssm: new SSMClient(settings),
    ses: new SESv2Client(settings),
  };
}
/** A call to AWS with the clients of a function. */
export type Attempt = (clients: ReturnType<typeof clientsOf>) => Promise<unknown>;

const accounts = { dev: "111122223333", staging: "444455556666", prod: "777788889999" } as const;
type Env = keyof typeof accounts;
const bucketOf = (env: Env) => `leadwire-${env}-leads-${accounts[env]}`;
const ledgerKey = { id: { S: "x" } };
const get =
  (env: Env, Key: string): Attempt =>
  ({ s3 }) =>
    s3.send(new GetObjectCommand({ Bucket: bucketOf(env), Key }));
const list =
  (env: Env): Attempt =>
  ({ s3 }) =>
    s3.send(new ListObjectsV2Command({ Bucket: bucketOf(env) }));
const put =
  (env: Env, Key: string): Attempt =>
  ({ s3 }) =>
    s3.send(new PutObjectCommand({ Bucket: bucketOf(env), Key, Body: "{}" }));
const secret =
  (env: Env, name: string): Attempt =>
  ({ ssm }) =>
    ssm.send(new GetParametersCommand({ Names: [`/leadwire/${env}/${name}`], WithDecryption: true }));
const email =
  (from: string, to: string): Attempt =>
  ({ ses }) =>
    ses.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: "x" }, Body: { Text: { Data: "x" } } } },
      }),
    );
const read =
  (TableName: string): Attempt =>
  ({ dynamo }) =>
    dynamo.send(new GetItemCommand({ TableName, Key: ledgerKey }));
const write =
  (TableName: string): Attempt =>
  ({ dynamo }) =>
    dynamo.send(new PutItemCommand({ TableName, Item: ledgerKey }));
const queueUrl = (env: Env, queue: string) =>
  `https://sqs.us-east-1.amazonaws.com/${accounts[env]}/leadwire-${env}-${queue}`;
const enqueue =
  (env: Env, queue: string): Attempt =>
  ({ sqs }) =>
    sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(env, queue), MessageBody: "{}" }));
const receive =
  (env: Env, queue: string): Attempt =>
  ({ sqs }) =>
    sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(env, queue) }));

/** What no function may do to another environment. */
export const foreign = (env: "staging" | "prod"): Readonly<Record<string, Attempt>> => ({
  "list the leads": list(env),
  "read a raw lead": get(env, "website-1.json"),
  "read an enriched lead": get(env, "enriched/dt=2026-01-01/website-1.json"),
  "write a raw lead": put(env, "website-1.json"),
  "write an enriched lead": put(env, "enriched/dt=2026-01-01/website-1.json"),
  "read the ledger": read(`leadwire-${env}-ledger`),
  "read the ledger by its ARN": read(`arn:aws:dynamodb:us-east-1:${accounts[env]}:table/leadwire-${env}-ledger`),
  "write the ledger": write(`leadwire-${env}-ledger`),
  "read a signing secret": secret(env, "sources/website/signing-secret"),
  "read the webhook's URL": secret(env, "slack/sales/webhook-url"),
  "send to its queue": enqueue(env, "leads"),
  "send to its dead letters": enqueue(env, "leads-dlq"),
  "receive from its queue": receive(env, "notifications"),
  "send as it": email("leadwire@leads.example.com", "sales-dev@example.com"),
  "write to its people": email("leadwire-dev@example.com", "sales@example.com"),
});

/** What a function may not do in its own environment; the others may, or nobody. */
export const own: Readonly<Record<FunctionName, Readonly<Record<string, Attempt>>>> = {
  ingest: {
    "list the leads": list("dev"),
    "read a raw lead": get("dev", "website-1.json"),
    "read an enriched lead": get("dev", "enriched/dt=2026-01-01/website-1.json"),
    "write an enriched lead": put("dev", "enriched/dt=2026-01-01/website-1.json"),
    "write outcomes": put("dev", "outcomes/dt=2026-01-01/120000500-0123456789abcdef.json"),
    "write a file that is no source's": put("dev", "jane.json"),
    "read the webhook's URL": secret("dev", "slack/sales/webhook-url"),
    "send to the queue": enqueue("dev", "leads"),
    "read the ledger": read("leadwire-dev-ledger"),
    "send an email": email("leadwire-dev@example.com", "sales-dev@example.com"),
  },
  enrich: {
    "write a raw lead": put("dev", "website-1.json"),
    "write beside enriched/": put("dev", "enriched.json"),
    "write beside outcomes/": put("dev", "outcomes.json"),
    "read a signing secret": secret("dev", "sources/website/signing-secret"),
    "read the webhook's URL": secret("dev", "slack/sales/webhook-url"),
    "send to the notifications": enqueue("dev", "notifications"),
    "receive notifications": receive("dev", "notifications"),
    "write the ledger": write("leadwire-dev-ledger"),
    "send an email": email("leadwire-dev@example.com", "sales-dev@example.com"),
  },
  notify: {
    "read a raw lead": get("dev", "website-1.json"),
    "read outcomes": get("dev", "outcomes/dt=2026-01-01/120000500-0123456789abcdef.json"),
    "write an enriched lead": put("dev", "enriched/dt=2026-01-01/website-1.json"),
    "write a raw lead": put("dev", "website-1.json"),
    "read a signing secret": secret("dev", "sources/website/signing-secret"),
    "receive leads": receive("dev", "leads"),
    "send to the leads": enqueue("dev", "leads"),
    "send to the leads' dead letters": enqueue("dev", "leads-dlq"),
    "send as somebody else": email("sales-dev@example.com", "sales-dev@example.com"),
    "write to a stranger": email("leadwire-dev@example.com", "stranger@evil.example"),
  },
};

/** What nobody may do. */
export const never: Readonly<Record<string, Attempt>> = {
  "delete a lead": ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket: bucketOf("dev"), Key: "website-1.json" })),
  "copy a lead to another environment": ({ s3 }) =>
    s3.send(
      new CopyObjectCommand({ Bucket: bucketOf("prod"), Key: "x", CopySource: `${bucketOf("dev")}/website-1.json` }),
    ),
  "list the ledger": ({ dynamo }) => dynamo.send(new ScanCommand({ TableName: "leadwire-dev-ledger" })),
  "list the secrets": ({ ssm }) => ssm.send(new GetParametersByPathCommand({ Path: "/leadwire/dev", Recursive: true })),
  "empty a queue": ({ sqs }) => sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl("dev", "leads") })),
};

/** What each function is for: shows that its credentials are known and only its rights are few. */
export const allowed: Readonly<Record<FunctionName, Attempt>> = {
  ingest: put("dev", "website-1.json"),
  enrich: put("dev", "enriched/dt=2026-01-01/website-1.json"),
  notify: read("leadwire-dev-ledger"),
};
