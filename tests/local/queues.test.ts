import type { QueuedMessage } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { longestVisibility, queuesEmpty } from "../../local/queues.ts";
import { recordedPauses } from "../helpers/time-limits.ts";

const message: QueuedMessage = {
  messageId: "1",
  body: "",
  messageAttributes: {},
  approximateReceiveCount: 1,
  sentTimestamp: 0,
};

/** Two functions with a queue each, and the names of the queues that were looked into. */
function run(contentsOf: (queue: string) => readonly QueuedMessage[]) {
  const looks: string[] = [];
  const mappings = ["notifications", "lead-index-events"].map((queue) => {
    const address = `aws_lambda_event_source_mapping.${queue}`;
    return { address, type: "", values: { event_source_arn: `arn:aws:sqs:eu-central-1:1:${queue}` } };
  });
  const stack = {
    of: (type: string) => (type === "aws_lambda_event_source_mapping" ? mappings : []),
    output: () => "http://sqs/1/notifications",
  };
  const inspectQueue = (queue: string) => {
    looks.push(queue);
    return { ready: [], delayed: contentsOf(queue), inflight: [] };
  };
  return { platform: { stack, inspectQueue }, looks };
}

const queues = suite("queues of the run");

queues("hide a message for as long as the stack says, or for SQS' 30 seconds", () => {
  const of = (...seconds: (number | undefined)[]) => ({
    stack: { of: () => seconds.map((visibility_timeout_seconds) => ({ values: { visibility_timeout_seconds } })) },
  });
  const longest = [of(60, 180), of(undefined, 10)].map((parts) => longestVisibility(parts as never));
  assert.equal(longest, [180, 30]);
});

queues("are empty when a consumer has worked off its own queue too", async () => {
  let left = 2;
  const { platform, looks } = run((queue) => {
    if (queue !== "lead-index-events" || left === 0) return [];
    left -= 1;
    return [message];
  });
  using pauses = recordedPauses();
  assert.ok(await queuesEmpty(platform, { patience: 60_000 }));
  assert.equal([left, pauses.milliseconds], [0, [50, 50]]);
  assert.is(looks.at(-1), "lead-index-events");
});

queues("are not empty while a fault holds an event back", async () => {
  let heldBack = 2;
  const { platform } = run(() => []);
  const busy = () => {
    heldBack -= 1;
    return heldBack > 0;
  };
  assert.ok(await queuesEmpty(platform, { patience: 60_000, busy }));
  assert.is(heldBack, 0);
});

queues.run();
