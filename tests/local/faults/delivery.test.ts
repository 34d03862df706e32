import type { Call } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sendLoad } from "../../../local/faults/load.ts";
import { seededRandom } from "../../../local/random.ts";
import { heldBack } from "../../helpers/held-back.ts";
import { type FaultOf, faultTests, withFaults } from "./fault-fixtures.ts";
import { newLead } from "./fault-steps.ts";

const faults: Readonly<Record<FaultOf<"events" | "messages" | "crm">, string>> = {
  "events-doubled": "the second delivery is a duplicate in the log, and nobody gets it again",
  "events-reordered": "leads are announced in another order, and nothing else happens",
  "messages-doubled": "each stage finds out that the work is done, and nobody gets it again",
  "messages-reordered": "each lead is announced, whatever its place",
  "crm-twice": "the CRM gets 200 for the event that was stored before, and nobody gets it again",
};

/** Fewer than a digest takes. */
const leadsAtOnce = 8;

const delivery = suite("untidy delivery");
const test = faultTests(delivery);

test(`events-doubled :: ${faults["events-doubled"]}`, () =>
  withFaults(
    async ({ crm, switches, seen }) => {
      await switches.turnOn("events-doubled");
      const { leadIds } = await crm.sendLead("website", newLead());
      const [correlationId] = leadIds;
      await seen.line({ service: "enrich", message: "lead enriched", status: "duplicate", correlationId });
      await seen.line({ service: "notify", level: "INFO", message: "lead announced before", correlationId });
      await seen.metrics({ "notify LeadsNotified slack": 1, "notify LeadsRetried": 0 });
      assert.equal(await seen.announced(), { slack: 1, email: 0, marked: 0 });
      await seen.alarms();
    },
    // 1,200 ms of 3,000.
    { random: () => 0.4 },
  ));

test(`events-reordered :: ${faults["events-reordered"]}`, () => {
  const overtaken = Promise.withResolvers<void>();
  let holdsNext = false;
  const intercept = async ({ caller, operation }: Call) => {
    if (!holdsNext || caller.kind !== "service" || operation !== "SendMessage") return undefined;
    holdsNext = false;
    await overtaken.promise;
    return undefined;
  };
  return withFaults(
    async ({ crm, switches, seen }) => {
      await crm.sendLead("website", newLead());
      await seen.metrics({ "notify LeadsNotified slack": 1 });
      await switches.turnOn("events-reordered");
      holdsNext = true;
      const first = await crm.sendLead("website", newLead());
      const second = await crm.sendLead("website", newLead());
      await seen.metrics({ "notify LeadsNotified slack": 2 });
      overtaken.resolve();
      await seen.metrics({ "notify LeadsNotified slack": 3, "notify LeadsRetried": 0 });
      const order = [...second.leadIds, ...first.leadIds];
      assert.equal(
        seen.slackTexts().map((text) => order.findIndex((id) => text.includes(id))),
        [-1, 0, 1],
      );
      assert.equal(await seen.announced(), { slack: 3, email: 0, marked: 0 });
      await seen.alarms();
    },
    // Every event is hit and not late, so that nothing but `overtaken` decides the order.
    { random: () => 0, intercept },
  );
});

test(`messages-doubled :: ${faults["messages-doubled"]}`, () =>
  withFaults(async ({ crm, switches, seen }) => {
    await switches.turnOn("messages-doubled");
    const { leadIds } = await crm.sendLead("website", newLead());
    const [correlationId] = leadIds;
    await seen.line({ service: "enrich", message: "lead enriched", status: "duplicate", correlationId });
    await seen.line({ service: "notify", level: "INFO", correlationId, message: "lead announced before" });
    await seen.metrics({ "notify LeadsNotified slack": 1 });
    assert.equal(await seen.announced(), { slack: 1, email: 0, marked: 0 });
    await seen.alarms();
  }));

test(`messages-reordered :: ${faults["messages-reordered"]}`, () =>
  withFaults(
    async ({ crm, switches, seen }) => {
      await switches.turnOn("messages-reordered");
      await Promise.all(Array.from({ length: leadsAtOnce }, () => crm.sendLead("website", newLead())));
      await seen.metrics({ "notify LeadsNotified slack": leadsAtOnce, "notify LeadsRetried": 0 });
      assert.equal(await seen.announced(), { slack: leadsAtOnce, email: 0, marked: 0 });
      assert.ok((switches.strikes.get("messages-reordered") ?? 0) > 0);
      await seen.alarms();
    },
    // They come in one batch, so there is an order to change, and one Slack message takes them all.
    { random: seededRandom(1), intercept: heldBack(leadsAtOnce) },
  ));

test(`crm-twice :: ${faults["crm-twice"]}`, () =>
  withFaults(async (pipeline) => {
    const { crm, switches, runAudit, seen } = pipeline;
    await switches.turnOn("crm-twice");
    const statuses: number[] = [];
    crm.on("sent", ({ status }) => statuses.push(status));
    const random = () => 0.1;
    const twice = () => switches.hits("crm-twice");
    await sendLoad(pipeline, runAudit, {
      leads: 2,
      milliseconds: 1,
      seed: 999,
      random,
      twice,
      losesEvents: () => false,
    });
    assert.equal(statuses.toSorted(), [200, 200, 202, 202]);
    await seen.line({ service: "ingest", level: "INFO", message: "lead ingested", status: "duplicate" });
    await seen.metrics({ "ingest LeadsIngested": 2, "notify LeadsNotified slack": 2 });
    assert.equal(await seen.announced(), { slack: 2, email: 0, marked: 0 });
    assert.is(switches.strikes.get("crm-twice"), 2);
    await seen.alarms();
  }));

delivery.run();
