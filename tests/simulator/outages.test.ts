import { suite } from "uvu";
import * as assert from "uvu/assert";
import { slackDeclaration } from "../../functions/notify/channels/slack/declaration.ts";
import type { Outage } from "../../simulator/faults.ts";
import { type Plan, steadyPlan } from "../../simulator/plan.ts";
import { compilePrograms } from "../../simulator/program.ts";
import { hubspot } from "../../simulator/services/hubspot.ts";
import { simulate } from "../../simulator/simulate.ts";

const programs = await compilePrograms();
const minute = 60_000;

const simulator = suite("simulator outages");

type Down = Omit<Outage, "from" | "to">;
/** When outages begin. Before, the environments have started and have read their secrets. */
const from = 10 * minute;

/** Leads that arrive all the time, from ten minutes before an outage until its end. */
function outageOf(down: Down, minutes: number, every: number): Plan {
  const to = from + minutes * minute;
  return steadyPlan(1, Math.floor(to / every), every, [{ ...down, from, to }]);
}

/**
 * Milliseconds from the end of an outage to the last announcement, at most. A lead is tried again after a quarter of its time
 * at most, and never after more than 15 minutes. Then a breaker can still be open, and at worst every lead waits and gets a
 * message and a send slot of its own.
 */
function longestDrain({ arrivals }: Plan, minutes: number): number {
  const { rate, circuitBreaker } = slackDeclaration;
  const slots = arrivals.length * rate.milliseconds;
  return Math.min(minutes / 4, 15) * minute + circuitBreaker.openSeconds * 1000 + slots;
}

async function resultOf(plan: Plan) {
  const { accepted, byEmail, redriven, tooLong, undecided, violations, lastAnnouncement } = await simulate(plan, {
    programs,
  });
  return { accepted, byEmail, lastAnnouncement, trouble: { redriven, tooLong, undecided, violations } };
}
const none = { redriven: 0, tooLong: 0, undecided: 0, violations: [] };

/** What is down, for whom and how. ingest would accept nothing without S3 and its secret. */
const outages: Readonly<Record<string, Down & Pick<Plan, "newRouteAt">>> = {
  "Slack and SES": { services: ["Slack", "SESv2"] },
  "S3 for enrich": { services: ["S3"], callers: ["enrich"] },
  "S3 for notify": { services: ["S3"], callers: ["notify"] },
  // The new default channel's webhook is not known yet.
  "SES, SSM and a webhook": { services: ["SSM", "SESv2"], callers: ["notify"], newRouteAt: from },
  DynamoDB: { services: ["DynamoDB"] },
  "access to S3": { services: ["S3"], callers: ["enrich", "notify"], manners: ["denied"] },
  "access to Slack and SES": { services: ["Slack", "SESv2"], manners: ["denied"] },
};

for (const [name, { newRouteAt, ...down }] of Object.entries(outages)) {
  simulator(`leads of six hours without ${name} need nobody, and are announced soon afterwards`, async () => {
    const plan = { ...outageOf(down, 360, 60 * minute), ...(newRouteAt && { newRouteAt }) };
    const { accepted, trouble, lastAnnouncement } = await resultOf(plan);
    assert.is(accepted, plan.arrivals.length);
    assert.equal(trouble, none);
    const after = lastAnnouncement - from - 360 * minute;
    assert.ok(after < longestDrain(plan, 360), `${after} ms after the outage`);
  });
}

for (const [what, manners] of [
  ["without HubSpot's API", ["refused", "failed", "silent", "stalled", "throttled"]],
  ["with a revoked token of HubSpot's API", ["denied"]],
] as const) {
  simulator(`leads of an hour ${what} need nobody, and no log has the token`, async () => {
    const to = from + 60 * minute;
    const outages = [{ services: ["HubSpot"], manners, from, to }] as const;
    const plan = steadyPlan(1, Math.floor(to / (10 * minute)), 10 * minute, outages, "ids");
    const lines: string[] = [];
    const { accepted, redriven, tooLong, violations, lastAnnouncement } = await simulate(plan, {
      programs,
      log: (line) => lines.push(line),
    });
    assert.is(accepted, plan.arrivals.length);
    assert.equal({ redriven, tooLong, violations }, { redriven: 0, tooLong: 0, violations: [] });
    const after = lastAnnouncement - to;
    assert.ok(after > 0 && after < longestDrain(plan, 60), `${after} ms after the outage`);
    assert.ok(lines.some((line) => line.includes("message postponed")));
    assert.equal(
      lines.filter((line) => line.includes(hubspot.token) || line.includes(hubspot.secret)),
      [],
    );
  });
}

simulator("a lead waits for a quarter of an outage at most after its end", async () => {
  const plan = outageOf({ services: ["Slack", "SESv2"] }, 12, minute);
  const { trouble, lastAnnouncement } = await resultOf(plan);
  assert.equal(trouble, none);
  const after = lastAnnouncement - from - 12 * minute;
  assert.ok(after < longestDrain(plan, 12), `${after} ms after the outage`);
});

simulator("leads of a quarter of an hour without SQS for the functions need nobody", async () => {
  const plan = outageOf({ services: ["SQS"] }, 15, minute);
  const { accepted, trouble } = await resultOf(plan);
  assert.is(accepted, plan.arrivals.length);
  assert.equal(trouble, none);
});

simulator("leads of an outage that is too long are dead letters, and a redrive announces them", async () => {
  const plan = outageOf({ services: ["DynamoDB"], manners: ["refused"] }, 120, 6 * minute);
  const { accepted, trouble } = await resultOf({ ...plan, giveUpAfterHours: 1 });
  const { redriven, tooLong, violations } = trouble;
  assert.is(accepted, plan.arrivals.length);
  assert.equal(violations, []);
  assert.is(redriven, tooLong);
  // Those that came 75 minutes before the end or earlier, and none that came within the last hour.
  assert.ok(tooLong >= 8 && tooLong <= 10, `${tooLong} dead letters`);
});

simulator("clocks that are wrong by a minute send no lead by email, and repeat none", async () => {
  for (let seed = 1; seed <= 2; seed += 1) {
    const plan = steadyPlan(seed, 60, 500);
    const { accepted, byEmail, trouble } = await resultOf({ ...plan, faults: { ...plan.faults, skew: minute } });
    assert.is(accepted, 60);
    assert.equal({ ...trouble, byEmail }, { ...none, undecided: trouble.undecided, byEmail: 0 }, `seed ${seed}`);
  }
});

simulator.run();
