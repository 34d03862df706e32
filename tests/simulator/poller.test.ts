import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pollQueue } from "../../simulator/load/poller.ts";
import { awsTimes } from "../../simulator/load/times.ts";
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

poller.run();
