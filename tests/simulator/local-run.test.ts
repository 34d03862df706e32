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
  assert.is(usage.calls.get("s3:GetObject"), local.calls.get("s3:GetObject"));
  const stored = 2 * leads;
  const [simulated = 0, here = 0] = [usage, local].map(({ calls }) => calls.get("s3:PutObject"));
  assert.is(simulated, stored + slackMessages, "raw and enriched leads, and the outcomes of each message");
  // Outcomes are written after a message is seen: those of the two leads before are counted here, and the last ones may not be.
  assert.ok(here >= stored && here <= stored + local.messages + 2, `${here} writes, ${local.messages} messages`);
  assert.ok(secondsToDrain < local.seconds + 1, `${secondsToDrain} s, local ${local.seconds} s`);
  assert.ok(slackMessages <= leads && local.messages <= leads);
});

localRun.run();
