import { range } from "es-toolkit/math";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Outage } from "../../simulator/faults.ts";
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
  const calm = planOf(1, [], 4);
  const { calls } = await simulate(calm, { programs });
  const points = range(1, calls + 1).flatMap((call) => fates.map((fate) => ({ call, fate })));
  for (const crash of points) {
    const { violations } = await simulate({ ...calm, faults: { ...calm.faults, crash } }, { programs });
    assert.equal(violations, [], `${crash.fate} call ${crash.call}`);
  }
  assert.ok(points.length > 40);
});

for (const [what, trouble] of [
  ["a lead that ends the function that reads it takes no neighbour with it", "killer"],
  ["file names that are used again mix up no leads, although events come late", "reusedNames"],
] as const) {
  simulator(what, async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const { violations } = await simulate(planOf(seed, [trouble], 12), { programs });
      assert.equal(violations, [], `seed ${seed}`);
    }
  });
}

simulator("the same seed is the same events", async () => {
  assert.equal(await eventsOf(planOf(7)), await eventsOf(planOf(7)));
});

simulator("events name no person", async () => {
  assert.not.match((await eventsOf(planOf(7))).join("\n"), /acme|@|Ada|L\d{5}/);
});

/** What is down, and for whom. ingest would accept nothing without S3 and its secret. */
const outages: Readonly<Record<string, Pick<Outage, "services" | "callers">>> = {
  "Slack and SES": { services: ["Slack", "SESv2"] },
  S3: { services: ["S3"], callers: ["enrich", "notify"] },
  SSM: { services: ["SSM"], callers: ["notify"] },
  DynamoDB: { services: ["DynamoDB"] },
};

for (const [name, down] of Object.entries(outages)) {
  simulator(`leads of six hours without ${name} are announced`, async () => {
    const plan = outagePlan(1, { ...down, from: 10 * minute, to: 360 * minute }, 10 * minute);
    const { accepted, violations } = await simulate(plan, { programs });
    assert.is(accepted, 36);
    assert.equal(violations, []);
  });
}

simulator.run();
