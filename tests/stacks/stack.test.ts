import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { Construct } from "constructs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { moduleStack } from "../helpers/module-stack.ts";

const addresses = suite("stack :: addresses");
addresses("are the path, without a last part that repeats the type, and without Default", () => {
  const stack = moduleStack((scope) => {
    const box = new Construct(scope, "a-box");
    new SqsQueue(box, "queue", { name: "one" });
    new SqsQueue(new Construct(box, "Default"), "spare", { name: "two" });
    new SqsQueuePolicy(box, "queue-policy", { queueUrl: "url", policy: "{}" });
    new SqsQueue(scope, "queue", { name: "four" });
  });
  const names = Object.fromEntries(stack.all("aws_sqs_queue").map(([name, block]) => [block.name, name]));
  assert.equal(names, { one: "a_box", two: "a_box_spare", four: "queue" });
  assert.ok(stack.addresses.includes("aws_sqs_queue_policy.a_box"));
});
addresses("of two elements must differ", () => {
  assert.throws(
    () =>
      moduleStack((scope) => {
        new SqsQueue(scope, "a-box", { name: "one" });
        new SqsQueue(new Construct(scope, "a"), "box", { name: "two" });
      }),
    /test\/a\/box and test\/a-box are both aws_sqs_queue\.a_box: one needs another id\./,
  );
});
addresses.run();
