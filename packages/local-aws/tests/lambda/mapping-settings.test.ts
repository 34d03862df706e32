import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startStack } from "../../src/index.ts";
import { mappingSettings } from "../../src/lambda/mapping-settings.ts";
import { readStack } from "../../src/stack/stack-file.ts";
import { account, buildStack, consume, type Json, mapping, region } from "../helpers/build-stack.ts";
import { failureOf } from "../helpers/failure.ts";

const urls = { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" };
const folder = (attributes: Json, queue: Json = {}, timeout = 3) =>
  buildStack({
    functions: {
      worker: { source: "export const handler = () => {};", allows: [consume("jobs")], attributes: { timeout } },
    },
    resource: {
      aws_sqs_queue: { jobs: { name: "jobs", ...queue } },
      aws_lambda_event_source_mapping: { jobs: mapping("jobs", "worker", attributes) },
    },
  });
const read = (attributes: Json) => mappingSettings(readStack(folder(attributes), urls));

const settings = suite("event source mapping");

settings("has Lambda's defaults", () => {
  const named = read({}).map(({ queue, worker, ...rest }) => ({
    ...rest,
    addresses: [queue.address, worker.address],
  }));
  assert.equal(named, [
    {
      address: "aws_lambda_event_source_mapping.jobs",
      queueArn: `arn:aws:sqs:${region}:${account}:jobs`,
      queueUrl: `http://127.0.0.1:1/${account}/jobs`,
      functionName: "test-worker",
      batchSize: 10,
      windowSeconds: 0,
      maximumConcurrency: 1250,
      reportsFailures: false,
      addresses: ["aws_sqs_queue.jobs", "aws_lambda_function.worker"],
    },
  ]);
});

settings("takes batch size, window, concurrency and failure reports from the stack", () => {
  const [{ batchSize, windowSeconds, maximumConcurrency, reportsFailures } = {}] = read({
    batch_size: 25,
    maximum_batching_window_in_seconds: 2,
    scaling_config: { maximum_concurrency: 4 },
    function_response_types: ["ReportBatchItemFailures"],
  });
  assert.equal([batchSize, windowSeconds, maximumConcurrency, reportsFailures], [25, 2, 4, true]);
});

settings("names its function by its ARN or its name", () => {
  const [{ worker } = {}] = read({ function_name: "test-worker" });
  assert.is(worker?.address, "aws_lambda_function.worker");
});

settings("that is not enabled polls nothing", () => {
  assert.equal(read({ enabled: false }), []);
});

const refused: Record<string, [Json, RegExp]> = {
  "a batch above 10 without a window": [{ batch_size: 11 }, /a batch_size above 10 needs a batching window/],
  "a batch of none": [{ batch_size: 0 }, /batch_size is 0; Lambda takes 1 to 10000/],
  "a batch above 10,000": [
    { batch_size: 10_001, maximum_batching_window_in_seconds: 1 },
    /batch_size is 10001; Lambda takes 1 to 10000/,
  ],
  "a window above 300 s": [
    { maximum_batching_window_in_seconds: 301 },
    /maximum_batching_window_in_seconds is 301; Lambda takes 0 to 300/,
  ],
  "a maximum concurrency of 1": [
    { scaling_config: { maximum_concurrency: 1 } },
    /scaling_config\.maximum_concurrency is 1; Lambda takes 2 to 1000/,
  ],
  "a maximum concurrency above 1,000": [
    { scaling_config: { maximum_concurrency: 1001 } },
    /scaling_config\.maximum_concurrency is 1001; Lambda takes 2 to 1000/,
  ],
  "filter criteria": [{ filter_criteria: {} }, /does not simulate filter_criteria/],
  "provisioned pollers": [{ provisioned_poller_config: {} }, /does not simulate provisioned_poller_config/],
  "a starting position": [{ starting_position: "LATEST" }, /does not simulate starting_position/],
  "a function of another stack": [{ function_name: "other" }, /mapping\.jobs: the stack holds no function other\.$/],
  "a queue of another stack": [{ event_source_arn: "arn:aws:sqs:x:1:other" }, /the stack holds no queue/],
};

for (const [what, [attributes, message]] of Object.entries(refused)) {
  settings(`with ${what} is refused`, () => {
    assert.throws(() => read(attributes), message);
  });
}

settings("a mapping whose queue hides messages for less than the function's timeout is refused", async () => {
  const { message } = await failureOf(startStack({ stackDir: folder({}, { visibility_timeout_seconds: 29 }, 30) }));
  assert.is(
    message,
    "aws_sqs_queue.jobs: Queue visibility timeout: 29 seconds is less than Function timeout: 30 seconds",
  );
  const aws = await startStack({ stackDir: folder({}, { visibility_timeout_seconds: 30 }, 30) });
  await aws.stop();
});

settings.run();
