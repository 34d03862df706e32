import { range } from "es-toolkit/math";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { outagePlan, type Plan, planOf } from "../../simulator/plan.ts";
import { compilePrograms } from "../../simulator/program.ts";
import { simulate } from "../../simulator/simulate.ts";

const programs = await compilePrograms();
const minute = 60_000;
const fates = ["diesBefore", "diesAfter"] as const;

/** What happens in a plan, in order. */
async function eventsOf(plan: Plan): Promise<string[]> {
  const events: string[] = [];
  await simulate(plan, { programs, trace: (line) => events.push(line) });
  return events;
}

const simulator = suite("simulator");

simulator("500 seeds of faults, crashes and accidents lose no lead and repeat none without a mark", async () => {
  let marked = 0;
  for (let seed = 1; seed <= 500; seed += 1) {
    const result = await simulate(planOf(seed), { programs });
    const events = result.violations.length > 0 ? await eventsOf(planOf(seed)) : [];
    assert.equal(result.violations, [], [`npm run bench -- crash --seed ${seed}`, ...events].join("\n"));
    marked += result.marked;
  }
  assert.ok(marked > 100, "The faults must reach the leads.");
});

simulator("a crash before and after every call loses no lead and repeats none without a mark", async () => {
  const calm = planOf(3, [], 2);
  const { calls } = await simulate(calm, { programs });
  const points = range(1, calls + 1).flatMap((call) => fates.map((fate) => ({ call, fate })));
  for (const crash of points) {
    const { violations } = await simulate({ ...calm, faults: { ...calm.faults, crash } }, { programs });
    assert.equal(violations, [], `${crash.fate} call ${crash.call}`);
  }
  assert.ok(points.length > 40);
});

simulator("the same seed is the same events", async () => {
  assert.equal(await eventsOf(planOf(7)), await eventsOf(planOf(7)));
});

simulator("events name no person", async () => {
  assert.not.match((await eventsOf(planOf(7))).join("\n"), /acme|@|Ada|L\d{5}/);
});

simulator("leads of an outage of Slack and SES are announced after it", async () => {
  const plan = outagePlan(1, { services: ["Slack", "SESv2"], from: minute, to: 10 * minute }, minute);
  const { accepted, violations } = await simulate(plan, { programs });
  assert.is(accepted, 10);
  assert.equal(violations, []);
});

simulator.run();
