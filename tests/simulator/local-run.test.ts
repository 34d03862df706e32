import { suite } from "uvu";
import * as assert from "uvu/assert";
import { benchStack } from "../../bench/shared/bench-stack.ts";
import { likeLocalRun, localBurst } from "../../bench/shared/local-burst.ts";

const localRun = suite("simulated load beside the local run");

/**
 * Other work on the machine makes the local run slower, so time is compared in one direction only, up to one of Slack's seconds.
 * `npm run bench -- load` compares it in both.
 */
localRun("reads and writes as much for a burst, and takes no longer", async () => {
  const leads = 20;
  const local = await localBurst(leads, await benchStack());
  const { secondsToDrain, slackMessages, unannounced, usage } = await likeLocalRun(local.arrivals);
  assert.is(local.arrivals.length, leads);
  assert.is(unannounced, 0);
  for (const name of ["s3:PutObject", "s3:GetObject"]) assert.is(usage.calls.get(name), local.calls.get(name), name);
  assert.ok(secondsToDrain < local.seconds + 1, `${secondsToDrain} s, local ${local.seconds} s`);
  assert.ok(slackMessages <= leads && local.messages <= leads);
});

localRun.run();
