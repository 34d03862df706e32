import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isClaim } from "../../helpers/ledger-table.ts";
import { type FaultOf, type FaultyPipeline, faultTests, withFaults } from "./fault-fixtures.ts";
import { drawing, messagesReturn, newLead } from "./fault-steps.ts";

const postponed = (errorClass: string, correlationId: string | undefined) => ({
  service: "notify",
  level: "WARN",
  message: "message postponed",
  errorClass,
  correlationId,
});

async function throttling(pipeline: FaultyPipeline): Promise<void> {
  const { crm, switches, seen } = pipeline;
  await switches.turnOn("dynamodb-throttling");
  const { leadIds } = await crm.sendLead("website", newLead());
  await seen.line({ ...postponed("ThrottlingException", leadIds[0]), attempt: 1 });
  await seen.counted("notify LeadsPostponed");
  await seen.alarms("notify-postponed");

  switches.turnAllOff();
  await seen.metrics({ "notify LeadsNotified slack": 1, "notify LeadsRetried": 0, "notify Errors": 0 });
  assert.equal(await seen.announced(), { slack: 1, email: 0, marked: 0 });
  await seen.calm();
}

/** Lets notify announce a lead, after which it knows the routes that the ledger records. */
async function afterFirstLead({ crm, seen }: FaultyPipeline): Promise<void> {
  await crm.sendLead("website", newLead());
  await seen.metrics({ "notify LeadsNotified slack": 1, "notify Invocations": 1 });
}

async function answerLost(pipeline: FaultyPipeline): Promise<void> {
  const { crm, switches, seen } = pipeline;
  await afterFirstLead(pipeline);
  await switches.turnOn("dynamodb-answer-lost");
  const { leadIds } = await crm.sendLead("website", newLead());
  await seen.line({ ...postponed("InternalServerError", leadIds[0]), attempt: 1 });
  switches.turnAllOff();
  await seen.counted("notify LeadsPostponed");
  await seen.alarms("notify-postponed");

  await messagesReturn(pipeline);
  await seen.line({ service: "notify", message: "lead announced", correlationId: leadIds[0], mayBeRepeat: false });
  await seen.metrics({ "notify LeadsNotified slack": 2, "notify LeadsRetried": 0 });
  assert.equal(await seen.announced(), { slack: 2, email: 0, marked: 0 });
  await seen.calm();
}

interface Expected {
  readonly rule: string;
  readonly act: (pipeline: FaultyPipeline) => Promise<void>;
}

const faults: Readonly<Record<FaultOf<"dynamodb">, Expected>> = {
  "dynamodb-throttling": {
    rule: "nothing is said without the ledger; the lead is postponed, which alarms, and announced once",
    act: throttling,
  },
  "dynamodb-answer-lost": {
    rule: "the lead is postponed, which alarms, its claim is given back, and it is announced once",
    act: answerLost,
  },
};

const ledger = suite("faults of DynamoDB");
const test = faultTests(ledger);

for (const [name, { rule, act }] of Object.entries(faults)) test(`${name} :: ${rule}`, () => withFaults(act));

test("dynamodb-answer-lost once :: the SDK asks again and finds its own claim, so the lead waits for nothing and has no mark", () =>
  withFaults(
    async (pipeline) => {
      const { crm, switches, seen } = pipeline;
      await afterFirstLead(pipeline);
      await switches.turnOn("dynamodb-answer-lost", 0.5);
      await crm.sendLead("website", newLead());
      await seen.metrics({ "notify LeadsNotified slack": 2, "notify LeadsRetried": 0, "notify Invocations": 2 });
      assert.equal(await seen.announced(), { slack: 2, email: 0, marked: 0 });
      await seen.alarms();
    },
    // The first call is hit, which is the claim, and no other.
    { random: drawing(0, 0.9) },
  ));

test("while the ledger cannot be updated, leads are announced at once, and the log says that they may come again", () =>
  withFaults(async (pipeline) => {
    const { crm, gateway, switches, seen } = pipeline;
    await afterFirstLead(pipeline);
    const updates = gateway.counts.get("dynamodb:UpdateItem") ?? 0;
    gateway.once("answered", function afterClaim({ call }) {
      if (isClaim(call.parameters)) void switches.turnOn("dynamodb-throttling");
      else gateway.once("answered", afterClaim);
    });
    const { leadIds } = await crm.sendLead("website", newLead());
    await seen.line({ service: "notify", level: "WARN", message: "no send slot reserved, posting without one" });
    assert.is(
      gateway.counts.get("dynamodb:UpdateItem"),
      updates + 2,
      "the lead is claimed, and a slot is asked for once",
    );
    await seen.line({
      service: "notify",
      level: "ERROR",
      message: "ledger not updated, a redelivery may repeat this lead",
      correlationId: leadIds[0],
      errorClass: "ThrottlingException",
    });
    await seen.metrics({ "notify LeadsNotified slack": 2, "notify LeadsRetried": 0 });
  }));

ledger.run();
