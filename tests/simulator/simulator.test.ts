import { uniq } from "es-toolkit/array";
import { range } from "es-toolkit/math";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { enrichedPrefix, type StageName, stageNames } from "../../flow.ts";
import { announcementsIn } from "../../local/faults/announcements.ts";
import type { ReceivedCall } from "../../simulator/environment.ts";
import type { Fate } from "../../simulator/faults.ts";
import type { Sabotage } from "../../simulator/pipeline.ts";
import { type Arrival, type Plan, planOf, steadyPlan } from "../../simulator/plan.ts";
import { compilePrograms, leadIndex } from "../../simulator/program.ts";
import { simulate } from "../../simulator/simulate.ts";
import { eventsOf } from "./events-of.ts";

const programs = await compilePrograms();

const simulator = suite("simulator");

/** Leads that arrive a millisecond apart, so that a function gets several at once. */
const leadsTogether = (count: number): Plan => ({ ...steadyPlan(3, count, 1), eventDelay: 10 });
const killer = (stage: "enrich" | "notify") => ({ ...leadsTogether(2), killer: { token: "L00001", stage } });
/** A file that must be rejected. */
const badFile = (name: string, token: string): Arrival => {
  const fields = { last_name: token };
  return { at: 0, kind: "file", name, body: JSON.stringify(fields), leads: [{ token, isBad: true, fields }] };
};

/** Small plans that together make every kind of call, and none of them many times. */
const situations: Readonly<Record<string, { readonly plan: Plan; readonly sabotage?: Sabotage }>> = {
  "leads in one digest, some of which notify receives itself": { plan: leadsTogether(3) },
  "a lead that is replayed": { plan: { ...leadsTogether(1), replayAfterDays: 0 } },
  "a lead that goes by email, because Slack asks for a longer pause than there is time": {
    plan: leadsTogether(1),
    sabotage: {
      serve: ({ service }) =>
        service === "Slack" ? { status: 429, body: "rate_limited", headers: { "retry-after": "60" } } : undefined,
    },
  },
  "a lead that ends enrich": { plan: killer("enrich") },
  "a lead that ends notify": { plan: killer("notify") },
  "a lead that waits for S3 and then for DynamoDB": {
    plan: steadyPlan(3, 1, 1, [
      { services: ["S3"], callers: ["enrich"], from: 0, to: 5000, manners: ["refused"] },
      { services: ["DynamoDB"], from: 5000, to: 10_000, manners: ["refused"] },
    ]),
  },
  "a lead that Slack and SES do not take": {
    plan: steadyPlan(3, 1, 1, [{ services: ["Slack", "SESv2"], from: 0, to: 2000, manners: ["refused", "failed"] }]),
  },
  "a raw and an enriched object that are rejected": {
    plan: {
      ...leadsTogether(0),
      arrivals: [badFile("a.json", "L00001"), badFile(`${enrichedPrefix}b.json`, "L00002")],
    },
  },
};

/** Every kind of call: the function, the operation, and what it is about where one operation has several uses. */
const kindsOfCalls: Readonly<Record<StageName, readonly string[]>> = {
  ingest: ["GetParameters", "PutObject"],
  enrich: [
    ...["GetObject", "GetParameters", "PutObject", "SendMessage", "SendMessageBatch"],
    ...["ChangeMessageVisibilityBatch", "DeleteMessageBatch"],
  ],
  notify: [
    ...["GetObject", "PutObject", "GetParameters", "SendMessage", "SendMessageBatch"],
    ...["GetSuppressedDestination", "SendEmail"],
    ...["ReceiveMessage", "ChangeMessageVisibilityBatch", "DeleteMessageBatch"],
    ...["GetItem lead", "UpdateItem lead", "GetItem routes", "UpdateItem routes"],
    ...["GetItem slot", "UpdateItem slot", "PostMessage card", "PostMessage digest"],
  ],
};

function kindOf({ stage, service, operation, input }: ReceivedCall): string {
  const about = () => {
    if (service === "Slack") return announcementsIn(String(input.body)).length > 1 ? " digest" : " card";
    if (service !== "DynamoDB") return "";
    const item = JSON.stringify(input.Key);
    return item.includes("pace#") ? " slot" : item.includes("ledger#routes") ? " routes" : " lead";
  };
  return `${stage} ${operation}${about()}`;
}

simulator("the crashes meet every kind of call", async () => {
  const met: string[] = [];
  for (const { plan, sabotage } of Object.values(situations)) {
    const fate = (call: ReceivedCall) => void met.push(kindOf(call));
    await simulate(plan, { programs, sabotage: { ...sabotage, fate } });
  }
  const kinds = stageNames.flatMap((stage) => kindsOfCalls[stage].map((kind) => `${stage} ${kind}`));
  assert.equal(uniq(met).sort(), kinds.sort());
});

/** Ends the environment that makes the call of a number, from 1, before the call or after its effect. */
function crashAt(number: number, fate: "diesBefore" | "diesAfter") {
  let calls = 0;
  return () => {
    calls += 1;
    return calls === number ? fate : undefined;
  };
}

for (const [name, { plan, sabotage = {} }] of Object.entries(situations)) {
  simulator(`a crash before or after any call loses no lead and repeats none without a mark: ${name}`, async () => {
    const { calls } = await simulate(plan, { programs, sabotage });
    assert.ok(calls > 5);
    for (const number of range(1, calls + 1)) {
      for (const fate of ["diesBefore", "diesAfter"] as const) {
        const crash = { ...sabotage, fate: crashAt(number, fate) };
        const { violations } = await simulate(plan, { programs, sabotage: crash });
        assert.equal(violations, [], `${fate} call ${number}`);
      }
    }
  });
}

simulator("a crash before or after any call of the lead index leaves it exact", async () => {
  const withIndex = await compilePrograms(leadIndex);
  const plan = {
    ...steadyPlan(3, 2, 1, [
      { services: ["S3"], callers: [leadIndex], from: 0, to: 5000, manners: ["refused"] },
      { services: ["DynamoDB"], callers: [leadIndex], from: 5000, to: 10_000, manners: ["failed"] },
    ]),
    eventDelay: 10,
  } as const;
  const arrivals = [...plan.arrivals, badFile("a.json", "L00003"), badFile(`${enrichedPrefix}b.json`, "L00004")];
  const met: string[] = [];
  const calls = async (fate: (call: ReceivedCall) => Fate | undefined) => {
    const ofIndex = (call: ReceivedCall) => (call.stage === leadIndex ? fate(call) : undefined);
    const { violations } = await simulate({ ...plan, arrivals }, { programs: withIndex, sabotage: { fate: ofIndex } });
    assert.equal(violations, []);
  };
  await calls(({ operation }) => void met.push(operation));
  const kinds = ["BatchWriteItem", "DeleteMessageBatch", "GetObject", "SendMessage", "SendMessageBatch"];
  assert.equal(uniq(met).sort(), kinds);
  for (const number of range(1, met.length + 1)) {
    for (const fate of ["diesBefore", "diesAfter"] as const) await calls(crashAt(number, fate));
  }
});

for (const [what, trouble] of [
  ["a lead that ends the function that reads it takes no neighbour with it", "killer"],
  ["file names that are used again mix up no leads, although events come late", "reusedNames"],
] as const) {
  simulator(what, async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
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
  const plan = { ...leadsTogether(0), arrivals: [badFile("a.json", "L00001")] };
  const rejections = (await eventsOf(plan, programs)).filter((event) => event.includes('"lead rejected"'));
  assert.is(rejections.length, 1);
  assert.match(rejections.join(), '"lead rejected" NoContact The lead has neither a usable email address');
});

simulator.run();
