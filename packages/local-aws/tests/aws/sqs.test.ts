import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { operator } from "../../src/aws/call.ts";
import { type Fauxqs, startFauxqs } from "../../src/aws/fauxqs.ts";
import { Gateway } from "../../src/aws/gateway.ts";
import { sqsBackend } from "../../src/aws/sqs.ts";
import { type Delivery, tidy, untidy } from "../../src/delivery.ts";
import { failureOf } from "../helpers/failure.ts";

const account = "111122223333";

interface Running {
  readonly sqs: SQSClient;
  readonly fauxqs: Fauxqs;
  queue(name: string, attributes?: Record<string, string>): Promise<string>;
  receive(queueUrl: string, more?: object): Promise<string[]>;
}

/** SQS alone, for as long as `use` takes. */
async function withSqs(delivery: Delivery, use: (running: Running) => Promise<void>): Promise<void> {
  const gateway = new Gateway({ authorize: () => undefined });
  await gateway.start();
  gateway.admit("AKIA", operator);
  const place = { account, region: "eu-central-1", gatewayUrl: gateway.url, apiUrl: "http://127.0.0.1:1" };
  const fauxqs = await startFauxqs(place.region);
  gateway.add(sqsBackend(fauxqs, place, delivery));
  const credentials = { accessKeyId: "AKIA", secretAccessKey: "made-up" };
  const sqs = new SQSClient({ endpoint: gateway.url, region: place.region, credentials, maxAttempts: 1 });
  try {
    await use({
      sqs,
      fauxqs,
      queue: async (QueueName, Attributes = {}) => {
        const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
        return QueueUrl;
      },
      receive: async (QueueUrl, more = {}) => {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }),
        );
        return Messages.map(({ Body = "" }) => Body);
      },
    });
  } finally {
    sqs.destroy();
    await gateway.stop();
    await fauxqs.stop();
  }
}

/** The same numbers in every run. */
const seeded = () => {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
};
const batch = (QueueUrl: string, count: number) =>
  new SendMessageBatchCommand({
    QueueUrl,
    Entries: Array.from({ length: count }, (_, index) => ({ Id: String(index), MessageBody: String(index) })),
  });

const queues = suite("SQS");

queues("a message is received as often as the redrive policy says, then it is in the dead letter queue", () =>
  withSqs(tidy, async ({ sqs, queue, receive, fauxqs }) => {
    await queue("dlq");
    const deadLetterTargetArn = `arn:aws:sqs:eu-central-1:${account}:dlq`;
    const url = await queue("jobs", { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }) });
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "poison" }));
    const received = [];
    for (let attempt = 0; attempt < 4; attempt++) received.push(await receive(url, { VisibilityTimeout: 0 }));
    assert.equal(received, [["poison"], ["poison"], ["poison"], []]);
    assert.equal(
      fauxqs.inspect("dlq").ready.map(({ body }) => body),
      ["poison"],
    );
  }),
);

queues("a long poll answers as soon as a message comes, and a delayed one comes later", () =>
  withSqs(tidy, async ({ sqs, queue, receive }) => {
    const url = await queue("jobs");
    // It gets nothing, so it shows when 20 s are over, on a busy machine too.
    const twentySeconds = receive(await queue("empty"), { WaitTimeSeconds: 20 });
    const send = (MessageBody: string, DelaySeconds: number) =>
      sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody, DelaySeconds }));
    const first = receive(url, { WaitTimeSeconds: 20 });
    await send("later", 1);
    await send("now", 0);
    assert.equal(await Promise.race([first, twentySeconds]), ["now"]);
    assert.equal(await Promise.race([receive(url, { WaitTimeSeconds: 20 }), twentySeconds]), ["later"]);
    twentySeconds.catch(() => undefined);
  }),
);

queues(
  "a message is gone when it is older than its queue keeps it, and a dead letter's age counts from its first queue",
  () =>
    withSqs(tidy, async ({ sqs, queue, receive, fauxqs }) => {
      const url = await queue("jobs", { MessageRetentionPeriod: "60" });
      await sqs.send(batch(url, 2));
      const [old] = fauxqs.stores.sqsStore.getQueueByName("jobs")?.messages ?? [];
      if (old) old.sentTimestamp -= 61_000;
      assert.equal(await receive(url), ["1"]);
    }),
);

queues("a message is gone after its retention, and its age goes on in the dead letter queue", () =>
  withSqs(tidy, async ({ sqs, fauxqs, queue, receive }) => {
    const dlq = await queue("dlq", { MessageRetentionPeriod: "120" });
    const deadLetterTargetArn = `arn:aws:sqs:eu-central-1:${account}:dlq`;
    const QueueUrl = await queue("short", {
      MessageRetentionPeriod: "60",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
    });
    const ageBy = (name: string, seconds: number) => {
      const found = fauxqs.stores.sqsStore.getQueueByName(name);
      const { messages = [], delayedMessages = [], inflightMessages = new Map() } = found ?? {};
      const received = [...inflightMessages.values()].map(({ message }) => message);
      for (const message of [...messages, ...delayedMessages, ...received]) message.sentTimestamp -= seconds * 1000;
    };
    await sqs.send(batch(QueueUrl, 1));
    ageBy("short", 61);
    assert.equal(await receive(QueueUrl), []);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "late", DelaySeconds: 900 }));
    ageBy("short", 61);
    await receive(QueueUrl);
    assert.equal(fauxqs.inspect("short").delayed, []);

    await sqs.send(batch(QueueUrl, 1));
    ageBy("short", 50);
    await receive(QueueUrl, { VisibilityTimeout: 0 });
    assert.equal(await receive(QueueUrl), [], "it was moved");
    ageBy("dlq", 60);
    assert.equal(await receive(dlq, { VisibilityTimeout: 0 }), ["0"], "110 s old");
    ageBy("dlq", 11);
    assert.equal(await receive(dlq), [], "121 s old");
  }),
);

queues("characters beyond U+FFFF are fine, and those that XML does not have are refused", () =>
  withSqs(tidy, async ({ sqs, queue, receive }) => {
    const QueueUrl = await queue("jobs");
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "🌟 Ада" }));
    assert.equal(await receive(QueueUrl), ["🌟 Ада"]);
    const error = await failureOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "\u0000" })));
    assert.match(error.name, /InvalidMessageContents$/);
  }),
);

queues("each message of a batch has its own delay and attributes", () =>
  withSqs(tidy, async ({ sqs, queue, fauxqs }) => {
    const QueueUrl = await queue("jobs");
    const attempt = (StringValue: string) => ({ attempt: { DataType: "String", StringValue } });
    const Entries = [
      { Id: "now", MessageBody: "now", MessageAttributes: attempt("2") },
      { Id: "later", MessageBody: "later", DelaySeconds: 900, MessageAttributes: attempt("3") },
    ];
    const { Successful = [], Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    assert.equal([Successful.map(({ Id }) => Id), Failed ?? []], [["now", "later"], []]);
    const { ready, delayed } = fauxqs.inspect("jobs");
    const seen = [ready, delayed].map((messages) =>
      messages.map(({ body, messageAttributes }) => [body, messageAttributes.attempt?.StringValue]),
    );
    assert.equal(seen, [[["now", "2"]], [["later", "3"]]]);
  }),
);

queues("an entry of a batch that SQS refuses fails alone", () =>
  withSqs(tidy, async ({ sqs, queue, receive }) => {
    const QueueUrl = await queue("jobs");
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, text("1")]));
    const refused = {
      late: { DelaySeconds: 901 },
      early: { DelaySeconds: -1 },
      empty: { MessageAttributes: { attempt: text("") } },
      many: { MessageAttributes: eleven },
      control: { MessageBody: "\u0000" },
    };
    const Entries = Object.entries({ good: {}, ...refused }).map(([Id, more]) => ({ Id, MessageBody: Id, ...more }));
    const { Successful = [], Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    assert.equal(
      Successful.map(({ Id }) => Id),
      ["good"],
    );
    assert.equal(Failed.map(({ Id }) => Id).toSorted(), Object.keys(refused).toSorted());
    assert.ok(Failed.every(({ SenderFault, Code, Message }) => SenderFault && Code && Message));
    assert.equal(await receive(QueueUrl), ["good"]);
    const outcome = async (...ids: string[]) => {
      const entries = Entries.filter(({ Id }) => ids.includes(Id));
      const answer = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
      return [answer.Successful?.length ?? 0, answer.Failed?.length ?? 0];
    };
    assert.equal(await outcome("late", "early"), [0, 2]);
    assert.equal(await outcome("late"), [0, 1]);
    assert.equal(await outcome("good", "late"), [1, 1]);
    const single = failureOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "late", DelaySeconds: 901 })));
    assert.match((await single).message, "901");
  }),
);

queues("a receive hands out the message attributes that it asks for, and no others", () =>
  withSqs(tidy, async ({ sqs, queue }) => {
    const QueueUrl = await queue("jobs");
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    const MessageAttributes = { attempt: text("2"), receives: text("1") };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageAttributes }));
    const received = async (MessageAttributeNames?: string[]) => {
      const more = { VisibilityTimeout: 0, ...(MessageAttributeNames && { MessageAttributeNames }) };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
      return Messages.map((message) => message.MessageAttributes);
    };
    assert.equal(await received(), [undefined]);
    assert.equal(await received(["attempt"]), [{ attempt: text("2") }]);
    assert.equal(await received(["All"]), [MessageAttributes]);
  }),
);

queues("a message keeps its trace header, of the call or its own, also in the dead letter queue", () =>
  withSqs(tidy, async ({ sqs, queue }) => {
    const dead = await queue("dead");
    const deadLetterTargetArn = `arn:aws:sqs:eu-central-1:${account}:dead`;
    const QueueUrl = await queue("jobs", {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
    });
    sqs.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: object }).headers, { "X-Amzn-Trace-Id": "Root=1" });
        return next(args);
      },
      { step: "build" },
    );
    const MessageSystemAttributes = { AWSTraceHeader: { DataType: "String", StringValue: "Root=2" } };
    const Entries = [
      { Id: "0", MessageBody: "0" },
      { Id: "1", MessageBody: "1", MessageSystemAttributes },
    ];
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const received = async (url: string, ...names: ("AWSTraceHeader" | "SentTimestamp")[]) => {
      const more = { VisibilityTimeout: 0, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: names, ...more }),
      );
      return Messages.map(({ Body, Attributes }) => [Body, Attributes?.AWSTraceHeader]);
    };
    const first = await received(QueueUrl, "AWSTraceHeader");
    assert.equal(first, [
      ["0", "Root=1"],
      ["1", "Root=2"],
    ]);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "2", DelaySeconds: 1 }));
    assert.equal(await received(QueueUrl, "AWSTraceHeader"), [["2", "Root=1"]], "and the others are moved");
    assert.equal(await received(dead, "AWSTraceHeader"), first);
    assert.equal(await received(dead, "SentTimestamp"), [
      ["0", undefined],
      ["1", undefined],
    ]);
  }),
);

queues("messages come once and in order, unless untidy delivery is asked for", () =>
  withSqs(tidy, async ({ sqs, queue, receive }) => {
    const url = await queue("jobs");
    await sqs.send(batch(url, 10));
    assert.equal(await receive(url), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert.equal(await receive(url), []);
  }),
);

queues("two messages are enough to come out of order", () => {
  const numbers = [0.2, 0.9, 0.1, 0.5];
  const { reordered } = untidy({ reorder: 0.5, random: () => numbers.shift() ?? 0 });
  assert.equal([reordered(["a", "b"]), reordered(["a", "b"]), reordered(["a"])], [["b", "a"], ["a", "b"], ["a"]]);
});

queues("untidy delivery hands messages out more than once and out of order", () =>
  withSqs(untidy({ duplicates: 0.5, reorder: 1, random: seeded() }), async ({ sqs, queue, receive }) => {
    const url = await queue("jobs");
    await sqs.send(batch(url, 10));
    const first = await receive(url);
    assert.equal(first.toSorted(), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert.not.equal(first, first.toSorted());
    const second = await receive(url);
    assert.ok(second.length > 0 && second.length < 10, `${second.length} came again`);
  }),
);

queues("a message that was handed out twice is not handed out a third time before its visibility timeout", () =>
  withSqs(untidy({ duplicates: 1, random: () => 0 }), async ({ sqs, queue, receive }) => {
    const url = await queue("jobs");
    await sqs.send(batch(url, 3));
    const received = [await receive(url), await receive(url), await receive(url)];
    assert.equal(received, [["0", "1", "2"], ["0", "1", "2"], []]);
  }),
);

queues.run();
