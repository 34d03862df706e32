import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isClaim } from "../../helpers/ledger-table.ts";
import { type FaultOf, faultTests, withFaults } from "./fault-fixtures.ts";
import { dropLead, newLead, timePasses, webhook } from "./fault-steps.ts";

/** Which function the switch kills: it draws among enrich, ingest, notify and reconcile. */
const killed = { enrich: 0, ingest: 0.4, notify: 0.6 } as const;

const faults: Readonly<Record<FaultOf<"worker">, Readonly<Record<keyof typeof killed, string>>>> = {
  "worker-killed": {
    ingest: "the CRM gets a 5xx and sends again",
    enrich: "the lead comes back after the visibility timeout and is announced once",
    notify: "the lead comes back, and its announcement says that it may be a repeat",
  },
};
const rules = faults["worker-killed"];
const crashed = (service: string) => ({
  service,
  type: "platform.report",
  record: { status: "error", errorType: "Runtime.ExitError" },
});

const workers = suite("killed workers");
const test = faultTests(workers);

test(`worker-killed :: in ingest ${rules.ingest}; it is an error of the function and alarms`, () =>
  withFaults(
    async (pipeline) => {
      const { switches, seen } = pipeline;
      const send = webhook(pipeline);
      await switches.turnOn("worker-killed");
      assert.ok((await send()).status >= 500);
      await seen.line(crashed("ingest"));
      await seen.metrics({ "ingest Errors": 1, "api 5xx": 1 });
      switches.turnAllOff();
      await seen.alarms("api-server-errors", "ingest-errors");

      assert.ok((await send()).status < 300);
      await seen.metrics({ "notify LeadsNotified slack": 1, "ingest Errors": 1 });
      assert.equal(await seen.announced(), { slack: 1, email: 0, marked: 0 });
      await seen.calm();
    },
    { random: () => killed.ingest },
  ));

test(`worker-killed :: in enrich ${rules.enrich}; it is an error of the function and alarms`, () =>
  withFaults(
    async (pipeline) => {
      const { switches, seen } = pipeline;
      await switches.turnOn("worker-killed");
      await dropLead(pipeline);
      await seen.line(crashed("enrich"));
      await seen.metrics({ "enrich Errors": 1 });
      switches.turnAllOff();
      await seen.alarms("enrich-errors");

      await timePasses(pipeline);
      await seen.metrics({ "notify LeadsNotified slack": 1, "enrich Errors": 1 });
      assert.equal(await seen.announced(), { slack: 1, email: 0, marked: 0 });
      await seen.calm();
    },
    { random: () => killed.enrich },
  ));

test(`worker-killed :: in notify ${rules.notify}; it is an error of the function and alarms`, () =>
  withFaults(
    async (pipeline) => {
      const { crm, gateway, switches, seen } = pipeline;
      gateway.once("answered", function afterClaim({ call }) {
        if (isClaim(call.parameters)) void switches.turnOn("worker-killed");
        else gateway.once("answered", afterClaim);
      });
      const { leadIds } = await crm.sendLead("website", newLead());
      await seen.line(crashed("notify"));
      await seen.metrics({ "notify Errors": 1 });
      switches.turnAllOff();
      await seen.alarms("notify-errors");

      await timePasses(pipeline);
      await seen.line({ service: "notify", message: "lead announced", correlationId: leadIds[0], mayBeRepeat: true });
      await seen.metrics({ "notify LeadsNotified slack": 1, "notify Errors": 1 });
      assert.is((await seen.announced()).marked, 1);
      await seen.calm();
    },
    { random: () => killed.notify, betweenKills: 1 },
  ));

workers.run();
