import { range } from "es-toolkit/math";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { planOf } from "../../simulator/plan.ts";
import { compilePrograms } from "../../simulator/program.ts";
import { simulate } from "../../simulator/simulate.ts";
import { eventsOf } from "./events-of.ts";

const programs = await compilePrograms();
const fates = ["diesBefore", "diesAfter"] as const;

const simulator = suite("simulator");

// One has leads for a digest; in the other none waits long for a send slot, which would repeat ReceiveMessage hundreds of times.
for (const calm of [planOf(2, [], 3), planOf(3, [], 4)]) {
  const { length } = calm.arrivals;
  simulator(`a crash at every call for ${length} arrivals loses no lead and repeats none without a mark`, async () => {
    const { calls } = await simulate(calm, { programs });
    const points = range(1, calls + 1).flatMap((call) => fates.map((fate) => ({ call, fate })));
    for (const crash of points) {
      const { violations } = await simulate({ ...calm, faults: { ...calm.faults, crash } }, { programs });
      assert.equal(violations, [], `${crash.fate} call ${crash.call}`);
    }
    assert.ok(points.length > 40);
  });
}

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
  assert.equal(await eventsOf(planOf(7), programs), await eventsOf(planOf(7), programs));
});

simulator("events name no person", async () => {
  assert.not.match((await eventsOf(planOf(7), programs)).join("\n"), /acme|@|Ada|L\d{5}/);
});

simulator("the event of a rejected lead shows its class and reason, as the function's log does", async () => {
  const rejections = (await eventsOf(planOf(42), programs)).filter((event) => event.includes('"lead rejected"'));
  assert.is(rejections.length, 1);
  assert.match(rejections.join(), '"lead rejected" NoContact The lead has neither a usable email address');
});

simulator.run();
