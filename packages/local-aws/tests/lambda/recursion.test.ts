import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { operator } from "../../src/aws/call.ts";
import type { LocalAws } from "../../src/index.ts";
import { traceOf } from "../../src/lambda/recursion.ts";
import {
  account,
  allow,
  buildStack,
  consume,
  type Json,
  lets,
  mapping,
  objectCreatedIn,
  ref,
  region,
} from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";
import { inTime } from "../helpers/in-time.ts";
import { withStack } from "../helpers/running-stack.ts";

const workerArn = `arn:aws:lambda:${region}:${account}:function:test-worker`;

/** Sends its message again, one higher, with the SDK: what is tested is the header that the SDK sends from Lambda. */
const chain = `
import { SendMessageCommand, SQSClient } from ${JSON.stringify(import.meta.resolve("@aws-sdk/client-sqs"))};
const sqs = new SQSClient({});
export const handler = async ({ Records: [{ body }] }) => {
  if (body === "20") return;
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: String(Number(body) + 1) }));
};
`;

const worker = (source: string, configurations: Json = {}) =>
  buildStack({
    functions: {
      worker: {
        source,
        variables: { QUEUE_URL: ref("aws_sqs_queue.jobs.url") },
        allows: [consume("jobs"), allow("sqs:SendMessage", ref("aws_sqs_queue.jobs.arn"))],
      },
    },
    resource: {
      aws_sqs_queue: {
        dead: { name: "dead" },
        jobs: {
          name: "jobs",
          visibility_timeout_seconds: 600,
          redrive_policy: JSON.stringify({ deadLetterTargetArn: ref("aws_sqs_queue.dead.arn"), maxReceiveCount: 2 }),
        },
      },
      aws_lambda_event_source_mapping: { jobs: mapping("jobs", "worker") },
      aws_lambda_function_recursion_config: configurations as Record<string, Json>,
      aws_cloudwatch_metric_alarm: {
        dropped: {
          alarm_name: "dropped",
          namespace: "AWS/Lambda",
          metric_name: "RecursiveInvocationsDropped",
          dimensions: { FunctionName: ref("aws_lambda_function.worker.function_name") },
          statistic: "Sum",
          period: 60,
          comparison_operator: "GreaterThanThreshold",
          threshold: 0,
          evaluation_periods: 1,
        },
      },
    },
  });

const configuration = (recursive_loop: string) => ({
  worker: { function_name: ref("aws_lambda_function.worker.function_name"), recursive_loop },
});

const idle = "export const handler = () => {};";

const send = ({ gateway, clientSettings }: LocalAws, input: Partial<SendMessageCommandInput>) => {
  const QueueUrl = `${gateway.url}/${account}/jobs`;
  return new SQSClient(clientSettings()).send(new SendMessageCommand({ QueueUrl, MessageBody: "0", ...input }));
};

/** Resolves when an invocation is refused. */
const refusal = ({ functions }: LocalAws) =>
  inTime<void>("a refused invocation", (resolve) => {
    functions.get("test-worker")?.on("invoked", ({ status }) => {
      if (status === "recursive") resolve();
    });
  });

/** A message that the worker has sent in its fifteenth round. */
const fromTheFifteenthRound = {
  AWSTraceHeader: { DataType: "String", StringValue: traceOf(workerArn, []).header.replace(/:0$/, ":15") },
} as const;

const recursion = suite("recursion detection");

recursion("a chain of a function and its queue is stopped in its sixteenth round", () =>
  withStack(worker(chain), async (aws) => {
    const seventeen = inTime<string[]>("17 invocations", (resolve) => {
      const statuses: string[] = [];
      aws.functions.get("test-worker")?.on("invoked", ({ status }) => {
        if (statuses.push(status) === 17) resolve(statuses.toSorted());
      });
    });
    await send(aws, {});
    assert.equal(await seventeen, ["recursive", ...Array.from({ length: 16 }, () => "success")]);
    const { inflight } = aws.inspectQueue("jobs");
    assert.ok(inflight.some(({ message }) => message.body === "16"));
  }),
);

recursion("a function whose recursion configuration is Allow goes on", () =>
  withStack(worker(chain, configuration("Allow")), async (aws) => {
    const counted = inTime<number>("21 invocations", (resolve) => {
      let count = 0;
      aws.functions.get("test-worker")?.on("invoked", ({ status }) => {
        count += 1;
        if (count === 21 || status !== "success") resolve(count);
      });
    });
    await send(aws, {});
    assert.is(await counted, 21);
  }),
);

recursion("a message that recursion detection stops uses its receives, and is dead-lettered", () =>
  withStack(worker(idle, configuration("Terminate")), async (aws) => {
    const sqs = new SQSClient(aws.clientSettings());
    const letter = inTime<string>("a dead letter", (resolve) =>
      aws.deadLetters.on("arrived", ({ body }, queue) => resolve(`${queue}: ${body}`)),
    );
    const makeVisible = async () => {
      const QueueUrl = `${aws.gateway.url}/${account}/jobs`;
      const ReceiptHandle = aws.inspectQueue("jobs").inflight[0]?.receiptHandle;
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    };
    const first = refusal(aws);
    await send(aws, { MessageSystemAttributes: fromTheFifteenthRound });
    await first;
    const second = refusal(aws);
    await makeVisible();
    await second;
    await makeVisible();
    assert.is(await letter, "dead: 0");
  }),
);

recursion("what recursion detection stops is logged, and counted as RecursiveInvocationsDropped", () =>
  withStack(worker(idle), async (aws) => {
    const alarm = inTime<void>("the alarm", (resolve) =>
      aws.monitoring.on("transition", ({ to }) => {
        if (to === "ALARM") resolve();
      }),
    );
    const line = inTime<string>("the line", (resolve) => aws.logs.on("line", ({ line }) => resolve(line)));
    await send(aws, { MessageSystemAttributes: fromTheFifteenthRound });
    const { level, message } = JSON.parse(await line);
    assert.is(level, "ERROR");
    assert.match(message, "test-worker");
    assert.match(message, 'recursive_loop = "Allow"');
    await alarm;
  }),
);

recursion("a batch's round is the highest of its messages", () => {
  const other = traceOf("arn:other", []).header;
  const third = traceOf(workerArn, [traceOf(workerArn, [traceOf(workerArn, [other]).header]).header]);
  assert.is(third.round, 2);
  const { round, header } = traceOf(workerArn, [third.header, traceOf(workerArn, []).header, "Root=1-2-3"]);
  assert.is(round, 3);
  assert.match(header, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=/);
  assert.is(traceOf("arn:other", [header]).round, 1, "the rounds of the chain's other functions go on too");
});

recursion("a message that is received again is in the same round", () => {
  const first = traceOf(workerArn, []);
  assert.is(traceOf(workerArn, [first.header]).round, traceOf(workerArn, [first.header]).round);
  assert.is(traceOf(workerArn, [first.header]).round, 1);
});

recursion("a chain through EventBridge is not detected", () =>
  withStack(
    {
      resource: {
        aws_s3_bucket: { orders: { bucket: "orders" } },
        aws_s3_bucket_notification: { orders: { bucket: ref("aws_s3_bucket.orders.id"), eventbridge: true } },
        aws_sqs_queue: { jobs: { name: "jobs" } },
        aws_sqs_queue_policy: { jobs: lets("jobs", "stored") },
        aws_cloudwatch_event_rule: {
          stored: { name: "stored", event_pattern: objectCreatedIn("orders", { suffix: ".json" }) },
        },
        aws_cloudwatch_event_target: {
          stored: { rule: ref("aws_cloudwatch_event_rule.stored.name"), arn: ref("aws_sqs_queue.jobs.arn") },
        },
      },
    },
    async (aws) => {
      const headers = { "x-amzn-trace-id": fromTheFifteenthRound.AWSTraceHeader.StringValue };
      const put = { method: "PUT", path: "/orders/a.json", query: new URLSearchParams(), headers };
      await aws.gateway.call(operator, "s3", { ...put, body: Buffer.from("{}") });
      const { Messages: [{ Attributes = {} } = {}] = [] } = await new SQSClient(aws.clientSettings()).send(
        new ReceiveMessageCommand({
          QueueUrl: `${aws.gateway.url}/${account}/jobs`,
          WaitTimeSeconds: 20,
          MessageSystemAttributeNames: ["All"],
        }),
      );
      assert.is(Attributes.ApproximateReceiveCount, "1");
      assert.is(Attributes.AWSTraceHeader, undefined);
    },
  ),
);

recursion("a recursion configuration that Lambda does not know is an error at the start", async () => {
  const { message } = await failureOf(withStack(worker(idle, configuration("Stop")), async () => undefined));
  assert.match(message, /aws_lambda_function_recursion_config\.worker.*recursive_loop is Stop/);
});

recursion.run();
