import { suite } from "uvu";
import * as assert from "uvu/assert";
import { outagePlan, planOf } from "../../simulator/plan.ts";
import { compilePrograms } from "../../simulator/program.ts";
import { eventsOf, runSeeds } from "../../simulator/run-seeds.ts";
import { simulate } from "../../simulator/simulate.ts";

const programs = await compilePrograms();
const minute = 60_000;
const seeds = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

const simulator = suite("simulator");

simulator("500 seeds of faults, crashes and accidents lose no lead and repeat none without a mark", async () => {
  const { failures, accepted, marked } = await runSeeds(seeds(1, 500), programs);
  const [first] = failures;
  const events = first ? (await eventsOf(first.seed, programs)).join("\n") : "";
  assert.is(failures.length, 0, `Seed ${first?.seed} fails: npm run bench -- crash --seed ${first?.seed}\n${events}`);
  assert.ok(accepted > 1000 && marked > 100, "The faults must reach the leads.");
});

simulator("a crash before and after every call loses no lead and repeats none without a mark", async () => {
  const calm = planOf(11, { troubles: [], arrivals: 2 });
  const { calls } = await simulate(calm, { programs });
  const points = seeds(1, calls).flatMap((call) => [
    { call, fate: "diesBefore" } as const,
    { call, fate: "diesAfter" } as const,
  ]);
  const failed: unknown[] = [];
  for (const crash of points) {
    const { violations } = await simulate({ ...calm, faults: { ...calm.faults, crash } }, { programs });
    if (violations.length > 0) failed.push({ crash, violations });
  }
  assert.equal(failed, []);
  assert.ok(points.length > 100);
});

simulator("the same seed is the same events", async () => {
  assert.equal(await eventsOf(7, programs), await eventsOf(7, programs));
});

simulator("events name no person", async () => {
  assert.not.match((await eventsOf(7, programs)).join("\n"), /acme|@|Ada|L\d{5}/);
});

simulator("leads of an outage of Slack and SES are announced after it", async () => {
  const plan = outagePlan(1, { services: ["slack", "sesv2"], from: minute, to: 10 * minute }, minute);
  const { accepted, violations } = await simulate(plan, { programs });
  assert.is(accepted, 10);
  assert.equal(violations, []);
});

simulator.run();
