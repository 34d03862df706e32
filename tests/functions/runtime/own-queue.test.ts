import { setImmediate } from "node:timers/promises";
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { buildApp } from "fauxqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createOwnQueue, type Postponement, type QueueMessage } from "../../../functions/runtime/own-queue.ts";
import { failureOf } from "../../helpers/failure.ts";
import { awsError } from "../../helpers/fakes.ts";

let server: ReturnType<typeof buildApp>;
let sqs: SQSClient;
let queues = 0;

/** A queue that holds the given number of messages. */
async function setUp(messages: number) {
  queues += 1;
  const name = `notifications-${queues}`;
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  for (let index = 0; index < messages; index += 1) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `message ${index}` }));
  }
  const left = async () => {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible].map(Number);
  };
  return { queue: createOwnQueue(sqs, QueueUrl), left };
}

const plain = (receiptHandle: string): QueueMessage => ({
  messageId: "m",
  receiptHandle,
  body: "b",
  receiveCount: 2,
  attempt: 1,
  firstAttemptAt: undefined,
});

const queueSuite = suite("own queue");

queueSuite.before(async () => {
  server = buildApp({ logger: false });
  sqs = new SQSClient({
    endpoint: await server.listen({ port: 0, host: "127.0.0.1" }),
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});
queueSuite.after(async () => {
  sqs.destroy();
  await server.close();
});

queueSuite("takes what is there up to the number asked for, in calls of ten, each message once", async () => {
  const { queue, left } = await setUp(30);
  const taken = await queue.take(25);
  assert.is(new Set(taken.map(({ messageId }) => messageId)).size, 25);
  assert.equal(await left(), [5, 25]);
  assert.is(taken[0]?.receiveCount, 1);
  assert.match(taken[0]?.body ?? "", /^message \d+$/);
});

queueSuite("takes nothing from an empty queue, and does not wait for it", async () => {
  const { queue } = await setUp(0);
  assert.equal(await queue.take(10), []);
});

queueSuite("deletes more than ten", async () => {
  const { queue, left } = await setUp(12);
  await queue.delete(await queue.take(12));
  assert.equal(await left(), [0, 0]);
});

queueSuite("makes messages visible again after the given seconds, counted", async () => {
  const { queue } = await setUp(11);
  await queue.retryAfter(await queue.take(11), ({ receiveCount }) => receiveCount - 1);
  const again = await queue.take(11);
  assert.is(again.length, 11);
  assert.is(again[0]?.receiveCount, 2);
});

queueSuite("sends messages again with their delay and their history, in calls of ten", async () => {
  const { queue, left } = await setUp(12);
  const taken = await queue.take(12);
  assert.equal(
    taken.map(({ attempt, firstAttemptAt }) => [attempt, firstAttemptAt]),
    Array(12).fill([1, undefined]),
  );
  const again = taken.map((message) => ({
    message: { ...message, receiveCount: 3 },
    delaySeconds: 0,
    firstAttemptAt: 5,
  }));
  assert.equal(await queue.sendAgain(again), []);
  assert.equal(await left(), [12, 12]);
  const received = await queue.take(12);
  assert.is(received.length, 12);
  for (const { attempt, firstAttemptAt, receiveCount } of received) {
    assert.equal({ attempt, firstAttemptAt, receiveCount }, { attempt: 2, firstAttemptAt: 5, receiveCount: 3 });
  }
  await queue.sendAgain([{ ...again[0], message: received[0], delaySeconds: 900 }] as Postponement[]);
  assert.equal(await queue.take(1), []);
});

queueSuite("names the messages that SQS did not send again", async () => {
  let calls = 0;
  const send = async ({ input }: { input: { Entries: { Id: string }[] } }) => {
    calls += 1;
    if (input.Entries.length === 10) {
      return {
        Failed: [
          { Id: "0", Code: "InternalError" },
          { Id: "9", Code: "InvalidMessageContents" },
        ],
      };
    }
    throw awsError("ServiceUnavailable", 503);
  };
  const queue = createOwnQueue({ send } as unknown as SQSClient, "queue-url");
  const messages = Array.from({ length: 12 }, (_, index) => ({ ...plain(String(index)), delaySeconds: 1 }));
  const left = await queue.sendAgain(messages.map((message) => ({ message, delaySeconds: 1, firstAttemptAt: 1 })));
  assert.equal(
    left.map(({ message, cause }) => [message.receiptHandle, cause.errorClass]),
    [
      ["0", "InternalError"],
      ["9", "InvalidMessageContents"],
      ["10", "ServiceUnavailable"],
      ["11", "ServiceUnavailable"],
    ],
  );
  assert.is(calls, 2);
});

queueSuite("sends no more than a mebibyte in one call", async () => {
  const sizes: number[] = [];
  const send = async ({ input }: { input: { Entries: readonly object[] } }) => {
    sizes.push(input.Entries.length);
    const bytes = input.Entries.map((entry) => Buffer.byteLength(JSON.stringify(entry)));
    assert.ok(input.Entries.length === 1 || bytes.reduce((sum, one) => sum + one) < 1024 * 1024);
    return {};
  };
  const queue = createOwnQueue({ send } as unknown as SQSClient, "queue-url");
  const mebibyte = 1024 * 1024;
  const bodies = ["x".repeat(mebibyte - 1000), ..."ü".repeat(9)].map((body) =>
    body === "ü" ? "ü".repeat(90_000) : body,
  );
  const postponements = bodies.map((body) => ({
    message: { ...plain("r"), body },
    delaySeconds: 1,
    firstAttemptAt: 1,
  }));
  assert.equal(await queue.sendAgain(postponements), []);
  assert.equal(sizes, [1, 5, 4]);
});

queueSuite("fills a call to the last byte, with 200 bytes for the attributes of each message", async () => {
  const sizes: number[] = [];
  const send = async ({ input }: { input: { Entries: readonly object[] } }) => {
    sizes.push(input.Entries.length);
    return {};
  };
  const queue = createOwnQueue({ send } as unknown as SQSClient, "queue-url");
  const half = "x".repeat(512 * 1024 - 200);
  for (const other of [half, `${half}x`]) {
    const messages = [half, other].map((body) => ({ ...plain("r"), body }));
    await queue.sendAgain(messages.map((message) => ({ message, delaySeconds: 1, firstAttemptAt: 1 })));
  }
  assert.equal(sizes, [2, 1, 1]);
});

queueSuite("believes no history that is not a number", async () => {
  const attributes = {
    attempt: { StringValue: "many" },
    firstAttemptAt: { StringValue: "-1" },
    receives: { StringValue: "9".repeat(16) },
  };
  const send = async () => ({
    Messages: [{ Attributes: { ApproximateReceiveCount: "2" }, MessageAttributes: attributes }],
  });
  const [message] = await createOwnQueue({ send } as unknown as SQSClient, "queue-url").take(1);
  assert.equal([message?.attempt, message?.firstAttemptAt, message?.receiveCount], [1, undefined, 2]);
});

queueSuite("asks SQS for no more than it must", async () => {
  const asked: unknown[] = [];
  const send = async ({ input }: { input: unknown }) => {
    asked.push(input);
    return {};
  };
  const queue = createOwnQueue({ send } as unknown as SQSClient, "queue-url");
  await queue.take(12);
  await queue.delete([plain("r1"), plain("r2")]);
  await queue.retryAfter([plain("r1"), plain("r2")], ({ receiveCount }) => 10 * receiveCount);
  const receive = {
    QueueUrl: "queue-url",
    WaitTimeSeconds: 0,
    MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    MessageAttributeNames: ["attempt", "firstAttemptAt", "receives"],
  };
  assert.equal(asked, [
    { ...receive, MaxNumberOfMessages: 10 },
    { ...receive, MaxNumberOfMessages: 2 },
    {
      QueueUrl: "queue-url",
      Entries: [
        { Id: "0", ReceiptHandle: "r1" },
        { Id: "1", ReceiptHandle: "r2" },
      ],
    },
    {
      QueueUrl: "queue-url",
      Entries: [
        { Id: "0", ReceiptHandle: "r1", VisibilityTimeout: 20 },
        { Id: "1", ReceiptHandle: "r2", VisibilityTimeout: 20 },
      ],
    },
  ]);
});

queueSuite("has nothing under way when it says that a call failed", async () => {
  const answers = [Promise.withResolvers<object>(), Promise.withResolvers<object>()];
  const asked = [...answers];
  const queue = createOwnQueue({ send: () => asked.shift()?.promise } as unknown as SQSClient, "queue-url");
  let ended = false;
  const deletion = queue.delete(Array(11).fill({ messageId: "m", receiptHandle: "r", body: "b", receiveCount: 1 }));
  const failure = failureOf(deletion).finally(() => {
    ended = true;
  });
  answers[0]?.reject(new Error("refused"));
  await setImmediate();
  assert.is(ended, false);
  answers[1]?.resolve({});
  assert.is((await failure).message, "refused");
});

queueSuite("has nothing to do for no messages", async () => {
  const { queue } = await setUp(0);
  await queue.delete([]);
  await queue.retryAfter([], () => 0);
});

queueSuite("keeps what one call took when another call fails", async () => {
  let calls = 0;
  const send = async () => {
    calls += 1;
    if (calls === 1) throw new Error("throttled");
    return { Messages: [{ MessageId: "m", ReceiptHandle: "r", Body: "b" }] };
  };
  const taken = await createOwnQueue({ send } as unknown as SQSClient, "url").take(20);
  assert.equal(taken, [{ ...plain("r"), receiveCount: 1 }]);
});

queueSuite.run();
