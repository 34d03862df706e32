import { createHash } from "node:crypto";
import type { ApiAnswer } from "../src/aws/call.ts";
import type { Calls } from "./calls.ts";
import { parameter } from "./stack.ts";

/** Something that a client sees, and that should be the same whoever simulates AWS. */
export interface Observation {
  readonly what: string;
  readonly seen: unknown;
}

type Note = (what: string, seen: unknown) => void;

/** Calls every service in the ways that applications rely on, above all in those that it refuses. */
export async function takeSteps(calls: Calls): Promise<Observation[]> {
  const observations: Observation[] = [];
  const note: Note = (what, seen) => void observations.push({ what, seen });
  await objectSteps(calls, note);
  await conditionSteps(calls, note);
  await messageSteps(calls, note);
  await redriveSteps(calls, note);
  await tableSteps(calls, note);
  await parameterSteps(calls, note);
  await emailSteps(calls, note);
  return observations;
}

/** What SDKs tell errors by: status, and the code in header or body. */
function errorOf({ status, headers, body }: ApiAnswer) {
  const text = body.toString();
  const code = /<Code>([^<]+)/.exec(text)?.[1] ?? /"__type":\s*"([^"]+)"/.exec(text)?.[1] ?? "";
  const inHeader = headers["x-amzn-query-error"] ?? headers["x-amzn-errortype"];
  return { status, code: code.split("#").at(-1), inHeader };
}

const failed = async (answer: Promise<ApiAnswer>) => errorOf(await answer);

const bucket = "compared-files";
const anyName = `${bucket}/${encodeURIComponent("orders from the fair ü 🌟 + (1).json")}`;

async function objectSteps(calls: Calls, note: Note): Promise<void> {
  const body = '{"name":"🌟"}';
  const { status } = await calls.s3("PUT", anyName, body, { "if-none-match": "*", "x-amz-meta-shop": "website" });
  const { headers, body: read } = await calls.s3("GET", anyName);
  note("s3: a file of any name", {
    status,
    same: read.toString() === body,
    etag: headers.etag === `"${createHash("md5").update(body).digest("hex")}"`,
    dated: Number.isFinite(Date.parse(headers["last-modified"] ?? "")),
    type: headers["content-type"],
    metadata: headers["x-amz-meta-shop"],
  });
  await calls.s3("PUT", `${bucket}/packed/dt=2026-01-01/a.json`, body);
  await calls.s3("PUT", `${bucket}/packed/dt=2026-01-02/b.json`, body);
  const listed = await calls.s3("GET", bucket, "", {}, { "list-type": "2", prefix: "packed/" });
  note(
    "s3: a listing by prefix",
    [...listed.body.toString().matchAll(/<Key>([^<]+)/g)].map(([, key]) => key),
  );
  const copied = await calls.s3("PUT", `${bucket}/copy.json`, "", { "x-amz-copy-source": `/${anyName}` });
  note("s3: a copy", [copied.status, (await calls.s3("GET", `${bucket}/copy.json`)).body.toString() === body]);
  note("s3: a key that is not there", await failed(calls.s3("GET", `${bucket}/gone.json`)));
  note("s3: the head of it", (await calls.s3("HEAD", `${bucket}/gone.json`)).status);
  note("s3: a bucket that is not there", await failed(calls.s3("GET", "compared-gone/a.json")));
}

async function conditionSteps(calls: Calls, note: Note): Promise<void> {
  note("s3: a write of what is there", await failed(calls.s3("PUT", anyName, "{}", { "if-none-match": "*" })));
  note("s3: a write of what changed meanwhile", await failed(calls.s3("PUT", anyName, "{}", { "if-match": '"0"' })));
  const { headers } = await calls.s3("HEAD", anyName);
  const same = { "if-match": headers.etag };
  note("s3: a write of what did not change", (await calls.s3("PUT", anyName, "{}", same)).status);
}

async function messageSteps(calls: Calls, note: Note): Promise<void> {
  const queue = calls.queueUrl("compared-jobs");
  const send = (QueueUrl: string, MessageBody: string, MessageAttributes = {}) =>
    calls.json("sqs", "AmazonSQS.SendMessage", { QueueUrl, MessageBody, MessageAttributes });
  note("sqs: a queue that is not there", await failed(send(calls.queueUrl("gone"), "lost")));
  note("sqs: a message above 1 MiB", await failed(send(queue, "x".repeat(1024 * 1024 + 1))));
  const { body } = await send(queue, "🌟", { reason: { DataType: "String", StringValue: "ü" } });
  const { MD5OfMessageBody, MD5OfMessageAttributes } = JSON.parse(body.toString());
  note("sqs: the sums of a message beyond U+FFFF", [MD5OfMessageBody, MD5OfMessageAttributes]);
}

async function redriveSteps(calls: Calls, note: Note): Promise<void> {
  const queue = calls.queueUrl("compared-jobs");
  const counts: unknown[] = [];
  for (let receive = 1; receive <= 4; receive++) {
    counts.push((await calls.messages(queue, 0)).map(({ Attributes }) => Attributes?.ApproximateReceiveCount));
  }
  note("sqs: receive counts, until the message is gone", counts);
  const letters = await calls.messages(calls.queueUrl("compared-dead"));
  note(
    "sqs: the dead letter that it became",
    letters.map(({ Body, MessageAttributes }) => [Body, MessageAttributes]),
  );
  const Entries = [{ Id: "0", ReceiptHandle: "made-up", VisibilityTimeout: 10 }];
  const outcome = async (operation: string, entries: readonly object[]) => {
    const result = await calls.result("sqs", `AmazonSQS.${operation}`, { QueueUrl: queue, Entries: entries });
    const { Successful, Failed } = result as Record<string, { Id: string; Code?: string }[] | undefined>;
    return { done: Successful?.map(({ Id }) => Id) ?? [], failed: Failed?.map(({ Code }) => Code) ?? [] };
  };
  note("sqs: hiding with a made-up handle", await outcome("ChangeMessageVisibilityBatch", Entries));
  note(
    "sqs: deleting with a made-up handle",
    await outcome("DeleteMessageBatch", [{ Id: "0", ReceiptHandle: "made-up" }]),
  );
}

async function tableSteps(calls: Calls, note: Note): Promise<void> {
  const table = { TableName: "compared-items" };
  const key = { id: { S: "compared" } };
  const absent = { ConditionExpression: "attribute_not_exists(id)" };
  const call = (operation: string, input: object) => calls.json("dynamodb", `DynamoDB_20120810.${operation}`, input);
  const result = (operation: string, input: object) =>
    calls.result("dynamodb", `DynamoDB_20120810.${operation}`, { ...table, ...input });

  note("dynamodb: an item that is not there", await result("GetItem", { Key: key }));
  note("dynamodb: the first write", await result("PutItem", { Item: key, ...absent, ReturnValues: "ALL_OLD" }));
  note("dynamodb: a condition that fails", await failed(call("PutItem", { ...table, Item: key, ...absent })));
  note(
    "dynamodb: the item before",
    await result("PutItem", { Item: { ...key, n: { N: "1" } }, ReturnValues: "ALL_OLD" }),
  );
  const add = { UpdateExpression: "SET n = n + :one", ExpressionAttributeValues: { ":one": { N: "1" } } };
  note("dynamodb: a sum", await result("UpdateItem", { Key: key, ...add, ReturnValues: "UPDATED_NEW" }));
  note("dynamodb: a table that is not there", await failed(call("GetItem", { TableName: "gone", Key: key })));
  note("dynamodb: an empty key", await failed(call("GetItem", { ...table, Key: { id: { S: "" } } })));
}

async function parameterSteps(calls: Calls, note: Note): Promise<void> {
  note(
    "ssm: a parameter that is not there",
    await failed(calls.json("ssm", "AmazonSSM.GetParameter", { Name: "/gone" })),
  );
  const read = async (WithDecryption: boolean) => {
    const input = { Name: parameter.name, WithDecryption };
    const { Parameter } = await calls.result("ssm", "AmazonSSM.GetParameter", input);
    const { Value, Type } = Parameter as { Value: string; Type: string };
    return [Type, Value === parameter.value];
  };
  note("ssm: a secret, decrypted", await read(true));
  note("ssm: a secret, as it is stored", await read(false));
}

async function emailSteps(calls: Calls, note: Note): Promise<void> {
  const mail = (from: string) => ({
    FromEmailAddress: from,
    Destination: { ToAddresses: ["reader@example.com"] },
    Content: { Simple: { Subject: { Data: "s" }, Body: { Text: { Data: "b" } } } },
  });
  const { status, body } = await calls.ses(mail("Shop <shop@example.com>"));
  note("ses: a mail of an identity", [status, typeof JSON.parse(body.toString()).MessageId]);
  note("ses: a mail of nobody's identity", await failed(calls.ses(mail("other@example.com"))));
}
