import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FaultSwitch } from "../../../local/faults/fault-switch.ts";
import { RunAudit } from "../../../local/faults/run-audit.ts";
import { type AuditedPipeline, startAudited, testPatience } from "../../helpers/running-pipeline.ts";
import { type FaultOf, faultStack, logLine } from "./fault-fixtures.ts";
import { newLead } from "./fault-steps.ts";

const faults: Readonly<Record<FaultOf<"api">, string>> = {
  "api-down": "leads wait without using up receives, and are announced once when the API is back",
  "api-limited": "leads wait for as long as an API asks, without using up receives",
};

let demo: AuditedPipeline;
const apis = suite("the sources of demo, and faults of their APIs");
apis.before(async () => {
  demo = await startAudited({ stackDir: await faultStack("demo"), seed: 1 });
});
apis.after(() => demo.stop());

apis("a lead of each source is announced once", async () => {
  const { crm, leadAudit } = demo;
  const sent = await crm.sendLeads(crm.sources.length);
  assert.equal(
    sent.filter(({ accepted }) => !accepted).map(({ source, status, body }) => [source, status, body]),
    [],
  );
  await leadAudit.settled(testPatience);
  const { accepted, slack, lost, deadLettered, duplicates, deniedCalls } = leadAudit.summary("demo");
  assert.equal(
    { accepted, slack, lost, deadLettered, duplicates, deniedCalls },
    {
      accepted: crm.sources.length,
      slack: crm.sources.length,
      lost: 0,
      deadLettered: 0,
      duplicates: 0,
      deniedCalls: 0,
    },
  );
});

/** Sources of demo whose events hold nothing but ids. */
const fetched = ["hubspot", "meta-lead-ads"];

/** Sends a lead of each of them. @returns the delay of each in seconds when it is postponed */
async function postponedLeads(): Promise<number[]> {
  const { crm } = demo;
  const postponed = fetched.map(async (source) => {
    const signed = crm.signLeads(source, [newLead()]);
    const line = logLine(demo, ({ message, correlationId }) => {
      return message === "message postponed" && correlationId === signed.leadIds?.[0];
    });
    await crm.send(signed, source);
    return Number((await line).delaySeconds);
  });
  return Promise.all(postponed);
}

apis(`api-down :: ${faults["api-down"]}`, async () => {
  const switches = new FaultSwitch(() => 0);
  const audit = new RunAudit(demo);
  switches.attach(demo);
  await switches.turnOn("api-down");
  await postponedLeads();
  switches.turnAllOff();
  await demo.leadAudit.settled(testPatience);
  const { announced, lost, deadLettered, repeats } = await audit.result();
  assert.equal(
    { announced, lost, deadLettered, repeats },
    { announced: fetched.length, lost: [], deadLettered: {}, repeats: { marked: 0, unmarked: [] } },
  );
  assert.ok((switches.strikes.get("api-down") ?? 0) >= fetched.length);
});

apis(`api-limited :: ${faults["api-limited"]}`, async () => {
  const switches = new FaultSwitch(() => 0);
  switches.attach(demo);
  await switches.turnOn("api-limited");
  // Not every API says how long it wants to be left alone.
  assert.ok(Math.max(...(await postponedLeads())) >= 30);
  assert.equal(demo.deadLetters.contents(), []);
});

apis.run();
