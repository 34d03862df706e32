import { suite } from "uvu";
import * as assert from "uvu/assert";
import { benchStack } from "../../bench/shared/bench-stack.ts";
import { likeLocalRun, localBurst } from "../../bench/shared/local-burst.ts";

const localRun = suite("simulated load beside the local run");

/** Time depends on what else the machine does, so `npm run bench -- load` compares it, not this test. */
localRun("reads and writes as much for a burst", async () => {
  const leads = 20;
  const local = await localBurst(leads, await benchStack());
  const { slackMessages, unannounced, usage } = await likeLocalRun(local.arrivals);
  assert.is(local.arrivals.length, leads);
  assert.is(unannounced, 0);
  assert.is(usage.calls.get("s3:GetObject"), local.calls.get("s3:GetObject"));
  const stored = 2 * leads;
  const [simulated = 0, here = 0] = [usage, local].map(({ calls }) => calls.get("s3:PutObject"));
  assert.is(simulated, stored + slackMessages, "raw and enriched leads, and the outcomes of each message");
  // Outcomes are written after a message is seen: those of the two leads before are counted here, and the last ones may not be.
  assert.ok(here >= stored && here <= stored + local.messages + 2, `${here} writes, ${local.messages} messages`);
  assert.ok(slackMessages <= leads && local.messages <= leads);
});

localRun.run();
