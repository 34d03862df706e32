import { suite } from "uvu";
import * as assert from "uvu/assert";
import { planOf } from "../../simulator/plan.ts";
import { compilePrograms, leadIndex } from "../../simulator/program.ts";
import { simulate } from "../../simulator/simulate.ts";
import { eventsOf } from "./events-of.ts";

const programs = await compilePrograms(leadIndex);

const simulator = suite("simulator seeds");

simulator(
  "100 seeds of faults, crashes and accidents lose no lead, repeat none without a mark, and leave an exact lead index",
  async () => {
    let marked = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const result = await simulate(planOf(seed), { programs });
      const events = result.violations.length > 0 ? await eventsOf(planOf(seed), programs) : [];
      assert.equal(result.violations, [], [`npm run bench -- crash --seed ${seed}`, ...events].join("\n"));
      marked += result.marked;
    }
    assert.ok(marked > 20, "The faults must reach the leads.");
  },
);

simulator.run();
