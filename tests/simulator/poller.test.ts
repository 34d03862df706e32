import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pollQueue } from "../../simulator/load/poller.ts";
import { awsTimes, scaledMilliseconds } from "../../simulator/load/times.ts";
import { UsageMeter } from "../../simulator/load/usage-meter.ts";
import { Queue } from "../../simulator/services/sqs.ts";
import { World } from "../../simulator/world.ts";

const poller = suite("poller");

/** Polls a queue with many messages, for a function that takes ten seconds. @returns invocations that begin, by second */
async function beginning(maximumConcurrency: number, concurrency = 1000): Promise<number[]> {
  const world = new World(1, { until: 0, fates: {}, accidents: 0, skew: 0, outages: [] });
  const queue = new Queue(world, { visibilitySeconds: 1000, maxReceives: 3, deadLetters: new Queue(world) });
  const begun: number[] = [];
  const fn = {
    invoke(_: unknown, ended: (answer: unknown) => void) {
      const second = Math.floor(world.elapsed / 1000);
      begun[second] = (begun[second] ?? 0) + 1;
      world.clock.after(10_000, () => ended({ batchItemFailures: [] }));
    },
  };
  const pace = { times: awsTimes, usage: new UsageMeter(), concurrency };
  pollQueue(queue, fn, { batchSize: 10, batchingWindowSeconds: 0, maximumConcurrency }, world, pace);
  for (let count = 0; count < 300; count += 1) queue.send("{}");
  await world.clock.run(100_000);
  return begun;
}

poller("begins with five batches and adds five a second while messages wait", async () => {
  assert.equal((await beginning(1000)).slice(0, 4), [5, 5, 5, 5]);
});

poller("has no more batches in work than the maximum concurrency", async () => {
  assert.equal((await beginning(7)).slice(0, 2), [5, 2]);
});

poller("has no more batches in work than the account has room for", async () => {
  assert.is((await beginning(7, 3))[0], 3);
});

for (const [messages, seconds, expected] of [
  [10, 5, [5, 10]],
  [9, 5, [20, 9]],
  [9, 20, [20, 9]],
  [9, 30, [30, 9]],
  [9, 0, [0, 9]],
  [40, 5, [0, 40]],
] as const) {
  poller(`${messages} messages of a batch of 40 wait for ${expected[0]} s with a window of ${seconds} s`, async () => {
    const world = new World(1, { until: 0, fates: {}, accidents: 0, skew: 0, outages: [] });
    const queue = new Queue(world, { visibilitySeconds: 1000, maxReceives: 3, deadLetters: new Queue(world) });
    const begun: number[][] = [];
    const fn = {
      invoke({ Records }: { Records: readonly unknown[] }, ended: (answer: unknown) => void) {
        begun.push([Math.floor(world.elapsed / 1000), Records.length]);
        ended({ batchItemFailures: [] });
      },
    } as unknown as Parameters<typeof pollQueue>[1];
    const usage = new UsageMeter();
    const settings = { batchSize: 40, batchingWindowSeconds: seconds, maximumConcurrency: 1 };
    pollQueue(queue, fn, settings, world, { times: awsTimes, usage, concurrency: 1 });
    for (let count = 0; count < messages; count += 1) queue.send("{}");
    await world.clock.run(100_000);
    if (seconds > 0) assert.equal(begun, [expected]);
    else assert.equal(begun[0], expected);
    const calls = Math.ceil(messages / 10);
    const expectedCalls = { "sqs:ReceiveMessage": calls, "sqs:DeleteMessageBatch": calls };
    assert.equal(Object.fromEntries(usage.usage(1).calls), expectedCalls);
    assert.equal(queue.messages, []);
  });
}

poller("code runs as fast as its share of a vCPU, and never faster than a whole one", () => {
  assert.equal(
    [scaledMilliseconds(10, 884.5), scaledMilliseconds(10, 1769), scaledMilliseconds(10, 3538)],
    [20, 10, 10],
  );
});

poller.run();
