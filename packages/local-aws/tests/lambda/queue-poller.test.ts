import { setImmediate as turn } from "node:timers/promises";
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { operator } from "../../src/aws/call.ts";
import { type Delivery, tidy } from "../../src/delivery.ts";
import type { LocalAws } from "../../src/index.ts";
import type { Outcome } from "../../src/lambda/environment.ts";
import { mappingSettings } from "../../src/lambda/mapping-settings.ts";
import { QueuePoller } from "../../src/lambda/queue-poller.ts";
import { account, consume, type Json, mapping } from "../helpers/build-stack.ts";
import { inTime } from "../helpers/in-time.ts";
import { withStack } from "../helpers/running-stack.ts";

const done: Outcome = { ok: true, payload: '{"batchItemFailures":[]}' };

/** The invocations of a poller, which a test ends one by one. */
class Invocations {
  readonly batches: string[][] = [];
  readonly #open: ((outcome: Outcome) => void)[] = [];
  readonly #watchers = new Set<() => void>();

  invoke(event: unknown): Promise<Outcome> {
    this.batches.push((event as SQSEvent).Records.map(({ body }) => body));
    for (const watch of this.#watchers) watch();
    return new Promise((resolve) => this.#open.push(resolve));
  }

  /** Waits until so many have begun. */
  begun(count: number): Promise<void> {
    return inTime<void>(`${count} invocations`, (resolve) => {
      const watch = () => {
        if (this.batches.length >= count) resolve();
      };
      this.#watchers.add(watch);
      watch();
    });
  }

  end(outcome = done): void {
    this.#open.shift()?.(outcome);
  }
}

/** A queue with a mapping whose poller invokes what the test ends. `concurrency` is what the machine has room for. */
const withPoller = (
  attributes: Json,
  use: (aws: LocalAws, invocations: Invocations, send: (...bodies: string[]) => Promise<unknown>) => Promise<void>,
  { concurrency = 8, ...options }: { readonly concurrency?: number; readonly delivery?: Delivery } = {},
) =>
  withStack(
    {
      functions: { worker: { source: "export const handler = () => {};", allows: [consume("jobs")] } },
      resource: {
        aws_sqs_queue: { jobs: { name: "jobs", visibility_timeout_seconds: 60 } },
        aws_lambda_event_source_mapping: { jobs: mapping("jobs", "worker", { ...attributes, enabled: false }) },
      },
    },
    async (aws) => {
      const [resource] = aws.stack.of("aws_lambda_event_source_mapping");
      const enabled = {
        ...aws.stack,
        of: (type: string) =>
          type === resource?.type
            ? [{ ...resource, values: { ...resource.values, enabled: true } }]
            : aws.stack.of(type),
      };
      const [settings] = mappingSettings(enabled);
      if (!settings) throw new Error("The stack of the test has no mapping.");
      const invocations = new Invocations();
      const poller = new QueuePoller(settings, invocations, aws.gateway, operator, concurrency);
      const sqs = new SQSClient(aws.clientSettings());
      const QueueUrl = settings.queueUrl;
      const send = (...bodies: string[]) =>
        sqs.send(
          new SendMessageBatchCommand({
            QueueUrl,
            Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
          }),
        );
      poller.start();
      try {
        await use(aws, invocations, send);
      } finally {
        poller.stop();
        sqs.destroy();
      }
    },
    options,
  );

/** Resolves when a call of the operation was answered. */
const answered = ({ gateway }: LocalAws, operation: string) =>
  inTime<void>(`a call of ${operation}`, (resolve) => {
    gateway.on("answered", ({ call }) => {
      if (call.operation === operation) resolve();
    });
  });

/** Lets everything happen that needs no time to pass. */
const settle = async () => {
  for (let count = 0; count < 50; count++) await turn();
};

const poller = suite("queue poller");

poller("maximum_concurrency limits how many batches of a mapping are handled at the same time", () =>
  withPoller({ batch_size: 1, scaling_config: { maximum_concurrency: 2 } }, async (aws, invocations, send) => {
    await send("1", "2", "3", "4");
    await invocations.begun(2);
    await settle();
    assert.is(invocations.batches.length, 2);
    assert.is(aws.inspectQueue("jobs").ready.length, 2, "the others are still in the queue");
    invocations.end();
    await invocations.begun(3);
    await settle();
    assert.is(invocations.batches.length, 3);
  }),
);

poller("without maximum_concurrency as many batches are handled as the machine has room for", () =>
  withPoller(
    { batch_size: 1 },
    async (_aws, invocations, send) => {
      await send("1", "2", "3", "4", "5");
      await invocations.begun(4);
      await settle();
      assert.is(invocations.batches.length, 4);
    },
    { concurrency: 4 },
  ),
);

poller("a batching window collects messages until it is over or the batch is full", () =>
  withPoller({ batch_size: 3, maximum_batching_window_in_seconds: 300 }, async (aws, invocations, send) => {
    const first = answered(aws, "ReceiveMessage");
    await send("1");
    await first;
    await settle();
    assert.equal(invocations.batches, [], "one message waits for others");
    await send("2", "3");
    await invocations.begun(1);
    assert.equal(invocations.batches, [["1", "2", "3"]]);
  }),
);

poller("a receive asks for 10 messages at most, and waits 20 s at most", () =>
  withPoller({ batch_size: 25, maximum_batching_window_in_seconds: 300 }, async (aws, invocations, send) => {
    const asked: [messages: number, seconds: number][] = [];
    aws.gateway.on("answered", ({ call: { operation, parameters } }) => {
      if (operation !== "ReceiveMessage") return;
      asked.push([Number(parameters.MaxNumberOfMessages), Number(parameters.WaitTimeSeconds)]);
    });
    const ten = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    await send(...ten);
    await send(...ten);
    await send("1", "2", "3", "4", "5");
    await invocations.begun(1);
    assert.equal(invocations.batches[0]?.length, 25);
    assert.equal(asked[0], [10, 20]);
    assert.ok(asked.every(([messages, seconds]) => messages <= 10 && seconds <= 20));
  }),
);

poller("without a window what is there is handled at once, and batch_size is the maximum of a batch", () =>
  withPoller({ batch_size: 2 }, async (_aws, invocations, send) => {
    await send("1", "2", "3");
    await invocations.begun(2);
    assert.equal(invocations.batches, [["1", "2"], ["3"]]);
  }),
);

poller("a message that SQS delivers twice into one batch is deleted twice", () =>
  withPoller(
    { batch_size: 2, maximum_batching_window_in_seconds: 300 },
    async (aws, invocations, send) => {
      await send("1");
      await invocations.begun(1);
      assert.equal(invocations.batches, [["1", "1"]]);
      const deleted = answered(aws, "DeleteMessageBatch");
      invocations.end();
      await deleted;
      assert.equal(aws.inspectQueue("jobs").inflight, []);
    },
    { delivery: { ...tidy, duplicates: () => true } },
  ),
);

poller("what succeeded is deleted, and what failed is left to its visibility timeout", () =>
  withPoller({ function_response_types: ["ReportBatchItemFailures"] }, async (aws, invocations, send) => {
    await send("good", "bad");
    await invocations.begun(1);
    const bad = aws.inspectQueue("jobs").inflight.find(({ message }) => message.body === "bad")?.message.messageId;
    const deleted = answered(aws, "DeleteMessageBatch");
    invocations.end({ ok: true, payload: JSON.stringify({ batchItemFailures: [{ itemIdentifier: bad }] }) });
    await deleted;
    const { inflight, ready } = aws.inspectQueue("jobs");
    assert.equal([inflight.map(({ message }) => message.body), ready], [["bad"], []]);
  }),
);

poller("messages reach the function with attributes, MD5 sums and the queue's ARN", () =>
  withStack(
    {
      functions: {
        worker: {
          source: "export const handler = (event) => { console.log(JSON.stringify(event)); };",
          allows: [consume("jobs")],
        },
      },
      resource: {
        aws_sqs_queue: { jobs: { name: "jobs" } },
        aws_lambda_event_source_mapping: { jobs: mapping("jobs", "worker") },
      },
    },
    async (aws) => {
      const logged = inTime<string>("the function's line", (resolve) => {
        aws.logs.on("line", ({ line }) => {
          if (line.includes("Records")) resolve(JSON.parse(line).message);
        });
      });
      const QueueUrl = `${aws.gateway.url}/${account}/jobs`;
      const MessageAttributes = {
        shop: { DataType: "String", StringValue: "ü" },
        mark: { DataType: "Binary", BinaryValue: Buffer.from("ü") },
      };
      await new SQSClient(aws.clientSettings()).send(
        new SendMessageCommand({ QueueUrl, MessageBody: "hello", MessageAttributes }),
      );
      const [{ messageId, receiptHandle, attributes, md5OfMessageAttributes, ...record } = {}] = JSON.parse(
        await logged,
      ).Records;
      assert.equal(record, {
        body: "hello",
        messageAttributes: {
          shop: { stringValue: "ü", stringListValues: [], binaryListValues: [], dataType: "String" },
          mark: { binaryValue: "w7w=", stringListValues: [], binaryListValues: [], dataType: "Binary" },
        },
        md5OfBody: "5d41402abc4b2a76b9719d911017c592",
        eventSource: "aws:sqs",
        eventSourceARN: `arn:aws:sqs:eu-central-1:${account}:jobs`,
        awsRegion: "eu-central-1",
      });
      assert.match(md5OfMessageAttributes, /^[0-9a-f]{32}$/);
      assert.is(attributes.ApproximateReceiveCount, "1");
      assert.ok(messageId && receiptHandle);
    },
  ),
);

poller.run();
