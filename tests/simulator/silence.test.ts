import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type WorkerName, workerNames } from "../../flow.ts";
import type { Finding } from "../../functions/reconcile/finding.ts";
import type { Pipeline } from "../../simulator/pipeline.ts";
import { type Plan, planOf, steadyPlan } from "../../simulator/plan.ts";
import { compilePrograms } from "../../simulator/program.ts";
import { simulate } from "../../simulator/simulate.ts";
import { reconciled } from "./operator.ts";

const programs = await compilePrograms();
const minute = 60_000;

/** Milliseconds for which S3 sends no events after the first deployment, at most. */
const until = 5 * minute;

/** Runs a plan. The operator reconciles until no lead is left that no rule stopped. */
async function silently(plan: Plan, workers: readonly WorkerName[]) {
  const found: Finding[] = [];
  const mend = async (pipeline: Pipeline, now: Date) => found.push(...(await reconciled(pipeline, now)));
  const result = await simulate({ ...plan, silent: { until, workers } }, { programs, mend });
  return { ...result, found };
}

const silence = suite("simulator silence of EventBridge");

for (const [what, workers, stage] of [
  ["raw leads", workerNames, "enrich"],
  ["enriched leads", ["notify"], "notify"],
] as const) {
  silence(`five minutes without events of ${what}: every lead is found and announced once`, async () => {
    // One comes every ten seconds for ten minutes; those of the first five are lost from sight.
    const { accepted, announcements, violations, found } = await silently(steadyPlan(1, 60, 10_000), workers);
    assert.equal([accepted, announcements, violations], [60, 60, []]);
    assert.equal(
      found.map((finding) => finding.stage),
      Array.from({ length: 30 }, () => stage),
    );
  });
}

silence("leads whose records are not fetched yet are found too", async () => {
  const plan = steadyPlan(1, 6, 30_000, [], "ids");
  const { accepted, announcements, violations, found } = await silently(plan, workerNames);
  assert.equal([accepted, announcements, violations, found.length], [6, 6, [], 6]);
  for (const { reason } of found) assert.match(reason, /^not enriched: /);
});

silence("without a reconciliation these leads are lost", async () => {
  const plan = { ...steadyPlan(1, 6, 10_000), silent: { until, workers: workerNames } };
  const { violations } = await simulate(plan, { programs });
  assert.equal(
    violations.map(({ kind }) => kind),
    Array.from({ length: 6 }, () => "lost"),
  );
});

silence("where all events came, nothing is found, and nothing is announced again", async () => {
  const found: Finding[] = [];
  const mend = async (pipeline: Pipeline, now: Date) => found.push(...(await reconciled(pipeline, now)));
  const { accepted, announcements } = await simulate(steadyPlan(1, 20, 1000), { programs, mend });
  assert.equal([found, accepted, announcements], [[], 20, 20]);
});

silence(
  "16 seeds of faults, crashes and accidents in silence lose no lead and repeat none without a mark",
  async () => {
    let found = 0;
    for (let seed = 1; seed <= 16; seed += 1) {
      const result = await silently(planOf(seed), seed % 2 === 0 ? workerNames : ["notify"]);
      // Rules stop leads without a contact, and nobody gets a dead letter of an event that is lost.
      const violations = result.violations.filter(({ kind }) => kind !== "wrong rejection");
      assert.equal(violations, [], `seed ${seed}`);
      found += result.found.length;
    }
    assert.ok(found > 16, `${found} found`);
  },
);

silence.run();
