import { createHash } from "node:crypto";
import type { ApiAnswer } from "../src/aws/call.ts";
import { errorOf } from "./answers.ts";
import type { Hands, Note } from "./hands.ts";

/** The services' answers that the functions rely on, above all those that say no. */
export async function answerSteps(hands: Hands, note: Note): Promise<void> {
  await s3Steps(hands, note);
  await sqsSteps(hands, note);
  await dynamoSteps(hands, note);
  await ssmSteps(hands, note);
}

const failed = async (answer: Promise<ApiAnswer>) => errorOf(await answer);

async function s3Steps(hands: Hands, note: Note): Promise<void> {
  const key = encodeURIComponent("leads from the fair ü 🌟 + (1).json");
  const body = '{"name":"🌟"}';
  const { status } = await hands.s3("PUT", key, body, { "if-none-match": "*" });
  const { headers, body: read } = await hands.s3("GET", key);
  const etag = headers.etag === `"${createHash("md5").update(body).digest("hex")}"`;
  const dated = Number.isFinite(Date.parse(headers["last-modified"] ?? ""));
  note("s3: a file of any name", {
    status,
    same: read.toString() === body,
    etag,
    dated,
    type: headers["content-type"],
  });
  note("s3: a key that is not there", await failed(hands.s3("GET", "gone.json")));
  note("s3: the head of it", (await hands.s3("HEAD", "gone.json")).status);
  note("s3: a write of what is there", await failed(hands.s3("PUT", key, "{}", { "if-none-match": "*" })));
  note("s3: a write of what changed meanwhile", await failed(hands.s3("PUT", key, "{}", { "if-match": '"0"' })));
}

async function sqsSteps(hands: Hands, note: Note): Promise<void> {
  const { gateway, stack } = hands.stage;
  const send = (QueueUrl: string, MessageBody: string) =>
    hands.json("sqs", "AmazonSQS.SendMessage", { QueueUrl, MessageBody });
  const gone = `${gateway.url}/${stack.place.account}/gone`;
  note("sqs: a queue that is not there", await failed(send(gone, "lost")));

  const queue = String(stack.output("notifications_queue_url"));
  note("sqs: a message above 1 MiB", await failed(send(queue, "x".repeat(1024 * 1024 + 1))));
  const { body } = await send(queue, "🌟");
  note("sqs: the sum of a message beyond U+FFFF", JSON.parse(body.toString()).MD5OfMessageBody);

  const counts: unknown[] = [];
  for (let receive = 1; receive <= 4; receive++) {
    counts.push((await hands.messages(queue, 0)).map(({ Attributes }) => Attributes?.ApproximateReceiveCount));
  }
  note("sqs: receive counts, until the message is gone", counts);
  const letters = await hands.messages(String(stack.output("notifications_dlq_url")));
  note(
    "sqs: the dead letter that it became",
    letters.map(({ Body }) => Body),
  );

  const Entries = [{ Id: "0", ReceiptHandle: "made-up", VisibilityTimeout: 10 }];
  const outcome = async (operation: string, entries: readonly object[]) => {
    const result = await hands.result("sqs", `AmazonSQS.${operation}`, { QueueUrl: queue, Entries: entries });
    const { Successful, Failed } = result as Record<string, { Id: string; Code?: string }[] | undefined>;
    return { done: Successful?.map(({ Id }) => Id) ?? [], failed: Failed?.map(({ Code }) => Code) ?? [] };
  };
  note("sqs: hiding with a made-up handle", await outcome("ChangeMessageVisibilityBatch", Entries));
  note(
    "sqs: deleting with a made-up handle",
    await outcome("DeleteMessageBatch", [{ Id: "0", ReceiptHandle: "made-up" }]),
  );
}

async function dynamoSteps(hands: Hands, note: Note): Promise<void> {
  const { stack } = hands.stage;
  const keyName = String(stack.of("aws_dynamodb_table")[0]?.values.hash_key);
  const table = { TableName: String(stack.output("ledger_table")) };
  const key = { [keyName]: { S: "compared" } };
  const absent = { ConditionExpression: "attribute_not_exists(#k)", ExpressionAttributeNames: { "#k": keyName } };
  const call = (operation: string, input: object) => hands.json("dynamodb", `DynamoDB_20120810.${operation}`, input);
  const result = (operation: string, input: object) =>
    hands.result("dynamodb", `DynamoDB_20120810.${operation}`, { ...table, ...input });

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
  note("dynamodb: an empty key", await failed(call("GetItem", { ...table, Key: { [keyName]: { S: "" } } })));
}

async function ssmSteps(hands: Hands, note: Note): Promise<void> {
  const [Name] = Object.values(hands.stage.stack.output("slack_webhook_parameters") as object);
  note(
    "ssm: a parameter that is not there",
    await failed(hands.json("ssm", "AmazonSSM.GetParameter", { Name: "/gone" })),
  );
  const read = async (WithDecryption: boolean) => {
    const { Parameter } = await hands.result("ssm", "AmazonSSM.GetParameter", { Name, WithDecryption });
    const { Value, Type } = Parameter as { Value: string; Type: string };
    return [Type, /^https?:/.test(Value)];
  };
  note("ssm: a secret, decrypted", await read(true));
  note("ssm: a secret, as it is stored", await read(false));
}
