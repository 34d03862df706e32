import { type Call, ServiceError } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { redriveUsedUp } from "../../../local/faults/redrive.ts";
import { type FaultOf, type FaultyPipeline, faultTests, withFaults } from "./fault-fixtures.ts";
import { dropLead, newLead, timePasses, webhook } from "./fault-steps.ts";

const notAccepted = (errorClass: string) => ({
  service: "ingest",
  level: "ERROR",
  message: "request not accepted",
  source: "website",
  errorClass,
});
const postponed = (errorClass: string) => ({
  service: "enrich",
  level: "WARN",
  message: "message postponed",
  errorClass,
});

async function unavailable(pipeline: FaultyPipeline): Promise<void> {
  const { switches, seen } = pipeline;
  const send = webhook(pipeline);
  await switches.turnOn("s3-unavailable");
  await dropLead(pipeline);
  assert.is((await send()).status, 503, "the CRM keeps the lead");
  await seen.line(notAccepted("SlowDown"));
  await seen.line(postponed("SlowDown"));
  await seen.counted("enrich LeadsPostponed");
  await seen.metrics({ "api 5xx": 1, "enrich LeadsRetried": 0 });
  await seen.alarms("api-server-errors", "enrich-postponed");

  switches.turnAllOff();
  assert.is((await send()).status, 202);
  await timePasses(pipeline);
  await seen.metrics({ "notify LeadsNotified slack": 2, "enrich Errors": 0, "ingest Errors": 0 });
  assert.equal(await seen.announced(), { slack: 2, email: 0, marked: 0 });
  await seen.calm();
}

async function slow(pipeline: FaultyPipeline): Promise<void> {
  const { switches, seen } = pipeline;
  const send = webhook(pipeline);
  await switches.turnOn("s3-slow");
  await dropLead(pipeline);
  assert.is((await send()).status, 503, "ingest gives up before the CRM does");
  await seen.line(notAccepted("TimeoutError"));
  await seen.line(postponed("TimeoutError"));
  await seen.counted("enrich LeadsPostponed");
  await seen.metrics({ "api 5xx": 1, "ingest Errors": 0, "enrich LeadsRetried": 0, "enrich Errors": 0 });
  switches.turnAllOff();
  await seen.alarms("api-server-errors", "enrich-postponed");

  assert.ok((await send()).status < 300);
  await timePasses(pipeline);
  await seen.metrics({ "notify LeadsNotified slack": 2, "notify LeadsNotified email": 0 });
  assert.equal(await seen.announced(), { slack: 2, email: 0, marked: 0 });
  await seen.calm();
}

async function answerLost(pipeline: FaultyPipeline): Promise<void> {
  const { crm, switches, seen } = pipeline;
  await switches.turnOn("s3-answer-lost");
  const { status, leadIds } = await crm.sendLead("website", newLead());
  assert.is(status, 200, "the SDK's next try finds the lead there, as the CRM's would");
  const [correlationId] = leadIds;
  await seen.line({ service: "ingest", message: "lead ingested", status: "duplicate", correlationId });
  await seen.line({ service: "enrich", message: "lead enriched", status: "duplicate", correlationId });
  await seen.metrics({ "notify LeadsNotified slack": 1, "enrich Invocations": 1, "enrich LeadsRetried": 0 });
  await seen.alarms();
  assert.equal(await seen.announced(), { slack: 1, email: 0, marked: 0 });
}

interface Expected {
  readonly rule: string;
  readonly act: (pipeline: FaultyPipeline) => Promise<void>;
  /** Milliseconds out of 4,000 by which a slow S3 is late. */
  readonly share?: number;
}

const faults: Readonly<Record<FaultOf<"s3">, Expected>> = {
  "s3-unavailable": {
    rule: "the CRM gets 503 and sends again; stored leads are postponed",
    act: unavailable,
  },
  "s3-slow": {
    rule: "the CRM gets 503 in time and enrich gives up before its own time is over; both leads are announced once",
    act: slow,
    share: 0.75,
  },
  "s3-answer-lost": {
    rule: "what was stored is announced once; the log calls it a duplicate and nothing alarms",
    act: answerLost,
  },
};

const storage = suite("faults of S3");
const test = faultTests(storage);

for (const [name, { rule, act, share = 0.5 }] of Object.entries(faults)) {
  test(`${name} :: ${rule}`, () => withFaults(act, { random: () => share }));
}

test("a lead whose receives a fault used up is a dead letter, and a redrive brings it through", () => {
  let isFaulty = true;
  const intercept = ({ service, operation, caller }: Call) => {
    if (!isFaulty || service !== "s3" || operation !== "GetObject" || !caller.name.endsWith("-notify"))
      return undefined;
    throw new ServiceError(400, "InvalidRequest", "The request is not valid.");
  };
  return withFaults(
    async (pipeline) => {
      const { crm, seen } = pipeline;
      await crm.sendLead("website", newLead());
      for (const receive of [1, 2, 3]) {
        await seen.metrics({ "notify LeadsRetried": receive, "notify Invocations": receive });
        await timePasses(pipeline);
      }
      await seen.metrics({ "notifications-dlq letters": 1, "notify LeadsPostponed": 0, "notify Errors": 0 });
      await seen.alarms("notify-retries");

      isFaulty = false;
      assert.is(await redriveUsedUp(pipeline), 1);
      await seen.metrics({ "notify LeadsNotified slack": 1, "notify LeadsRetried": 3 });
      assert.equal(await seen.announced(), { slack: 1, email: 0, marked: 0 });
      await seen.calm();
    },
    { intercept },
  );
});

storage.run();
