import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DeadLetterQueue } from "../../modules/dead-letter-queue.ts";
import { EventRoute } from "../../modules/event-route.ts";
import { allowEventRule } from "../../modules/policy.ts";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import { WorkQueue } from "../../modules/work-queue.ts";
import { deniedWithoutTls, moduleStack } from "../helpers/module-stack.ts";
import { parsed, ref } from "../helpers/synth.ts";

const tuning = {
  ...workerTuning({}),
  deliveryDelaySeconds: 7,
  visibilityTimeoutSeconds: 77,
  retentionSeconds: 777,
  deadLetterRetentionSeconds: 7777,
  maxReceiveCount: 5,
};
const ruleArns: string[] = [];
const stack = moduleStack((scope) => {
  const route = new EventRoute(scope, "made", {
    name: "a-rule",
    description: "Of a test.",
    pattern: { source: ["a"] },
  });
  const work = new WorkQueue(scope, "work", {
    name: "a-queue",
    tuning,
    statements: (arn) => [allowEventRule("Made", arn, [route.rule.arn])],
  });
  const lost = new DeadLetterQueue(scope, "lost", {
    name: "a-lost-queue",
    retentionSeconds: 8888,
    statements: (arn) => [allowEventRule("Lost", arn, ruleArns)],
  });
  route.deliverTo(work, lost);
  // A sender that is known only after the queue was made.
  ruleArns.push(route.rule.arn);
});
const queueArn = ref("aws_sqs_queue.work.arn");
const ruleArn = ref("aws_cloudwatch_event_rule.made.arn");
const allowed = (sid: string, queue: string) => ({
  Sid: sid,
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["sqs:SendMessage"],
  Resource: [queue],
  Condition: { ArnEquals: { "aws:SourceArn": [ruleArn] } },
});

const workQueue = suite("work queue");
workQueue("has the times of its tuning, is encrypted, and dead-letters after its receives", () => {
  const { redrive_policy, ...settings } = stack.settings("aws_sqs_queue.work");
  assert.equal(settings, {
    name: "a-queue",
    delay_seconds: 7,
    visibility_timeout_seconds: 77,
    message_retention_seconds: 777,
    sqs_managed_sse_enabled: true,
  });
  assert.equal(parsed(redrive_policy), { deadLetterTargetArn: ref("aws_sqs_queue.work_dlq.arn"), maxReceiveCount: 5 });
});
workQueue("allows its caller's senders, and nobody without TLS", () => {
  assert.is(stack.settings("aws_sqs_queue_policy.work").queue_url, ref("aws_sqs_queue.work.url"));
  assert.equal(stack.statements("aws_sqs_queue_policy.work"), [
    deniedWithoutTls("sqs", queueArn),
    allowed("Made", queueArn),
  ]);
});
workQueue("has a dead letter queue that takes letters of it alone", () => {
  assert.equal(stack.settings("aws_sqs_queue.work_dlq"), {
    name: "a-queue-dlq",
    message_retention_seconds: 7777,
    sqs_managed_sse_enabled: true,
  });
  const { queue_url, redrive_allow_policy, ...rest } = stack.settings("aws_sqs_queue_redrive_allow_policy.work");
  assert.equal([queue_url, rest], [ref("aws_sqs_queue.work_dlq.url"), {}]);
  assert.equal(parsed(redrive_allow_policy), { redrivePermission: "byQueue", sourceQueueArns: [queueArn] });
});
workQueue("has a dead letter queue without other senders", () => {
  assert.is(stack.settings("aws_sqs_queue_policy.work_dlq").queue_url, ref("aws_sqs_queue.work_dlq.url"));
  assert.equal(stack.statements("aws_sqs_queue_policy.work_dlq"), [
    deniedWithoutTls("sqs", ref("aws_sqs_queue.work_dlq.arn")),
  ]);
});
workQueue.run();

const deadLetterQueue = suite("dead letter queue");
deadLetterQueue("keeps messages for its retention, encrypted", () => {
  assert.equal(stack.settings("aws_sqs_queue.lost"), {
    name: "a-lost-queue",
    message_retention_seconds: 8888,
    sqs_managed_sse_enabled: true,
  });
});
deadLetterQueue("allows senders that are known when the stack is synthesized", () => {
  const arn = ref("aws_sqs_queue.lost.arn");
  assert.is(stack.settings("aws_sqs_queue_policy.lost").queue_url, ref("aws_sqs_queue.lost.url"));
  assert.equal(stack.statements("aws_sqs_queue_policy.lost"), [deniedWithoutTls("sqs", arn), allowed("Lost", arn)]);
});
deadLetterQueue.run();

const eventRoute = suite("event route");
eventRoute("has a rule on the default bus", () => {
  const { event_pattern, ...rule } = stack.settings("aws_cloudwatch_event_rule.made");
  assert.equal(rule, { name: "a-rule", description: "Of a test." });
  assert.equal(parsed(event_pattern), { source: ["a"] });
});
eventRoute("delivers to its queue for a day, then to the queue of lost events, after both queues' policies", () => {
  assert.equal(stack.settings("aws_cloudwatch_event_target.made"), {
    rule: ref("aws_cloudwatch_event_rule.made.name"),
    target_id: "work",
    arn: queueArn,
    retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
    dead_letter_config: { arn: ref("aws_sqs_queue.lost.arn") },
    depends_on: ["aws_sqs_queue_policy.work", "aws_sqs_queue_policy.lost"],
  });
});
eventRoute.run();
