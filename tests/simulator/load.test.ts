import { suite } from "uvu";
import * as assert from "uvu/assert";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import type { WorkerKnobs } from "../../modules/tuning/knobs.ts";
import { type Load, simulateLoad } from "../../simulator/load/simulate-load.ts";

const load = suite("load");

/** A load with other knobs of both workers. */
const simulated = (given: Load, both: WorkerKnobs = {}, notify: WorkerKnobs = {}) => {
  const { tuning } = dev;
  const changed = {
    ...tuning,
    enrich: { ...tuning.enrich, ...both },
    notify: { ...tuning.notify, ...both, ...notify },
  };
  return simulateLoad({ ...dev, tuning: changed }, given);
};

load("takes about ten minutes for ten leads with two windows of 300 s", async () => {
  const { p50Seconds, p99Seconds, unannounced } = await simulated({ burst: 10 }, { batchingWindowSeconds: 300 });
  assert.ok(p50Seconds > 600 && p99Seconds < 620, `${p50Seconds} to ${p99Seconds} s`);
  assert.is(unannounced, 0);
});

load("waits 20 s in each queue with any window and a single lead", async () => {
  const short = await simulated({ burst: 1 }, { batchingWindowSeconds: 1 });
  const none = await simulated({ burst: 1 });
  assert.ok(Math.abs(short.secondsToDrain - none.secondsToDrain - 40) < 2, `${short.secondsToDrain} s`);
});

load("gives a full batch to its function before the window is over", async () => {
  const { secondsToDrain } = await simulated({ burst: 60 }, { batchingWindowSeconds: 300, batchSize: 1 });
  assert.ok(secondsToDrain < 60, `${secondsToDrain} s`);
});

load("announces no faster than Slack takes messages", async () => {
  const { leads, slackMessages, secondsToDrain, emails, unannounced } = await simulated({ burst: 300 });
  assert.ok(slackMessages >= leads / 50);
  assert.ok(secondsToDrain > slackMessages - 3, `${slackMessages} messages in ${secondsToDrain} s`);
  assert.equal([emails, unannounced], [0, 0]);
});

load("holds leads back for the delivery delay of both queues", async () => {
  const [held, plain] = [await simulated({ burst: 1 }, { deliveryDelaySeconds: 30 }), await simulated({ burst: 1 })];
  assert.ok(Math.abs(held.p50Seconds - plain.p50Seconds - 60) < 2);
});

load("shows receives and dead letters where messages become visible while their batch is collected", async () => {
  const { receivesUsed, deadLetters } = await simulated(
    { burst: 3 },
    { batchingWindowSeconds: 60, visibilityTimeoutSeconds: 10 },
  );
  assert.is(receivesUsed, 3);
  assert.ok(deadLetters > 0);
});

load("takes longer with less memory", async () => {
  const [little, much] = [
    await simulated({ burst: 40 }, { memoryMb: 128 }),
    await simulated({ burst: 40 }, { memoryMb: 1769 }),
  ];
  assert.ok(little.secondsToDrain > much.secondsToDrain, `${little.secondsToDrain} and ${much.secondsToDrain} s`);
});

load("spreads a steady load over its time, each lead with a message of its own", async () => {
  const { leads, slackMessages, secondsToDrain } = await simulated({ ratePerSecond: 0.1, seconds: 100 });
  assert.equal([leads, slackMessages], [10, 10]);
  assert.ok(secondsToDrain > 90 && secondsToDrain < 95, `${secondsToDrain} s`);
});

/** Webhooks that come to prod at once, whose functions are all cold. */
const manyStarts = (burst: number, secretsHighThroughput: boolean, reservedConcurrency = burst) => {
  const { tuning } = prod;
  const ingest = { ...tuning.ingest, reservedConcurrency };
  return simulateLoad({ ...prod, secretsHighThroughput, tuning: { ...tuning, ingest } }, { burst });
};

load("answers 500 webhooks on prod's cold functions without a 503", async () => {
  const { unavailable, unannounced } = await simulateLoad(prod, { burst: 500 });
  assert.equal([unavailable, unannounced], [0, 0]);
});

load("answers some of them 503 without SSM's high throughput, and every lead is announced in the end", async () => {
  const { unavailable, unannounced, emails } = await manyStarts(200, false);
  // SSM answers 40 at once, and 40 more in each of the two seconds for which it is asked.
  assert.ok(unavailable > 200 - 40 - 3 * 40 && unavailable < 200 - 40, String(unavailable));
  assert.equal([unannounced, emails], [0, 0]);
});

load("counts a request that finds no free invocation as answered 503", async () => {
  assert.is((await manyStarts(60, true, 20)).unavailable, 40);
});

load("has the same result every time", async () => {
  assert.equal(await simulated({ burst: 40 }), await simulated({ burst: 40 }));
});

load.run();
