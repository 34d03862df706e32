import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Outage } from "../../simulator/faults.ts";
import { steadyPlan } from "../../simulator/plan.ts";
import { compilePrograms } from "../../simulator/program.ts";
import { simulate } from "../../simulator/simulate.ts";

const programs = await compilePrograms();
const minute = 60_000;

const simulator = suite("simulator outages");

/** What is down, and for whom. ingest would accept nothing without S3 and its secret. */
const outages: Readonly<Record<string, Pick<Outage, "services" | "callers">>> = {
  "Slack and SES": { services: ["Slack", "SESv2"] },
  S3: { services: ["S3"], callers: ["enrich", "notify"] },
  SSM: { services: ["SSM"], callers: ["notify"] },
  DynamoDB: { services: ["DynamoDB"] },
};

for (const [name, down] of Object.entries(outages)) {
  simulator(`leads of six hours without ${name} are announced`, async () => {
    const plan = steadyPlan(1, 36, 10 * minute, [{ ...down, from: 10 * minute, to: 360 * minute }]);
    const { accepted, violations } = await simulate(plan, { programs });
    assert.is(accepted, 36);
    assert.equal(violations, []);
  });
}

simulator.run();
