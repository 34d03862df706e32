import { setTimeout as pause } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failureMilliseconds } from "../../../functions/runtime/secrets.ts";
import { type FaultOf, faultTests, withFaults } from "./fault-fixtures.ts";
import { dropLead, newLead, webhook } from "./fault-steps.ts";

const faults: Readonly<Record<FaultOf<"ssm">, string>> = {
  "ssm-failing": "at a cold start the CRM gets 503, and leads go by email, which says why; both alarm until it is over",
};

const secrets = suite("faults of SSM");
const test = faultTests(secrets);

test(`ssm-failing :: ${faults["ssm-failing"]}`, () =>
  withFaults(async (pipeline) => {
    const { crm, switches, seen } = pipeline;
    const send = webhook(pipeline);
    await switches.turnOn("ssm-failing");
    assert.is((await send()).status, 503);
    await dropLead(pipeline);
    await seen.line({
      service: "ingest",
      level: "ERROR",
      message: "request not accepted",
      source: "website",
      errorClass: "InternalServerError",
    });
    const reason = "webhook URL not usable: InternalServerError";
    await seen.line({ service: "notify", level: "WARN", status: "refused", reason });
    await seen.metrics({
      "notify SlackFailures": 1,
      "notify LeadsNotified email": 1,
      "api 5xx": 1,
      "ingest Errors": 0,
    });
    await seen.alarms("api-server-errors", "slack-failures");
    assert.match((await seen.emails())[0] ?? "", "You get this by email because Slack was not available.");

    switches.turnAllOff();
    await pause(failureMilliseconds);
    assert.is((await send()).status, 202);
    await seen.metrics({ "notify LeadsNotified slack": 1 });
    await crm.sendLead("website", newLead());
    await seen.metrics({ "notify LeadsNotified slack": 2, "notify SlackFailures": 1 });
    assert.equal(await seen.announced(), { slack: 2, email: 1, marked: 0 });
    await seen.calm();
  }));

test("functions that are warm ask SSM for nothing", () =>
  withFaults(async (pipeline) => {
    const { crm, gateway, seen } = pipeline;
    await crm.sendLead("website", newLead());
    await seen.metrics({ "notify LeadsNotified slack": 1, "notify Invocations": 1 });
    const read = gateway.counts.get("ssm:GetParameters");
    assert.ok(read, "functions that start read their secrets");
    await crm.sendLead("website", newLead());
    await seen.metrics({ "notify LeadsNotified slack": 2, "notify Invocations": 2 });
    assert.is(gateway.counts.get("ssm:GetParameters"), read);
  }));

secrets.run();
