import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sesRefusals } from "../../../functions/notify/channels/email/classify.ts";
import { redriveUsedUp } from "../../../local/faults/redrive.ts";
import { type FaultOf, faultTests, startsCold, withFaults } from "./fault-fixtures.ts";
import { newLead, timePasses } from "./fault-steps.ts";

/** SES is asked only for what Slack does not take, so each of its faults is shown beside a Slack that is down. */
interface Expected {
  readonly rule: string;
  readonly errorClass: string;
  readonly remedy?: string | undefined;
  /** Calls of SES for the first attempt. */
  readonly calls: number;
  readonly told: { readonly slack: number; readonly email: number; readonly marked: number };
}

const once = { slack: 0, email: 1, marked: 0 };

const faults: Readonly<Record<FaultOf<"ses">, Expected>> = {
  "ses-throttling": {
    rule: "leads wait after three tries, and go by email when it is over",
    errorClass: "TooManyRequestsException",
    remedy: sesRefusals.TooManyRequestsException.advice,
    calls: 3,
    told: once,
  },
  "ses-rejecting": {
    rule: "leads wait, and the log tells what to do",
    errorClass: "MessageRejected",
    remedy: sesRefusals.MessageRejected.advice,
    calls: 1,
    told: once,
  },
  "ses-paused": {
    rule: "leads wait, and the log tells what to do",
    errorClass: "SendingPausedException",
    remedy: sesRefusals.SendingPausedException.advice,
    calls: 1,
    told: once,
  },
  "ses-answer-lost": {
    rule: "the email has gone out, and the second one says that it may be a repeat",
    errorClass: "InternalServerError",
    calls: 1,
    told: { slack: 0, email: 2, marked: 1 },
  },
  "ses-aborted": {
    rule: "a 4xx that does not say how far the request came is no refusal",
    errorClass: "RequestAbortedException",
    calls: 1,
    told: { slack: 0, email: 2, marked: 1 },
  },
};

const email = suite("faults of SES");
const test = faultTests(email);

for (const [fault, { rule, errorClass, remedy, calls, told }] of Object.entries(faults)) {
  const name = fault as FaultOf<"ses">;
  test(`${name} :: ${rule}; it is logged, counted and alarms while Slack is down too`, () =>
    withFaults(async (pipeline) => {
      const { crm, gateway, switches, seen } = pipeline;
      await switches.turnOn("slack-down");
      await switches.turnOn(name);
      const { leadIds } = await crm.sendLead("website", newLead());
      const line = await seen.line({
        service: "notify",
        level: "ERROR",
        message: "neither Slack nor email took the leads, they are postponed",
        correlationIds: leadIds,
        slack: "rollup_error",
        email: { errorClass },
      });
      assert.is(line.remedy, remedy);
      assert.is(gateway.counts.get("ses:SendEmail"), calls);
      await seen.metrics({ "notify EmailFailures": 1, "notify SlackFailures": 1, "notify Invocations": 1 });
      await seen.alarms("email-failures", "slack-failures");

      switches.turnOff(name);
      await timePasses(pipeline);
      await seen.metrics({ "notify LeadsNotified email": 1, "notify EmailFailures": 1, "notify Errors": 0 });
      assert.equal(await seen.announced(), told);
      await seen.calm();
    }));
}

test("a lead that used up its receives is a dead letter, and a redrive brings it through", () =>
  withFaults(async (pipeline) => {
    const { crm, switches, seen } = pipeline;
    await switches.turnOn("slack-down");
    await switches.turnOn("ses-rejecting");
    await crm.sendLead("website", newLead());
    for (const receive of [1, 2, 3]) {
      await seen.metrics({ "notify EmailFailures": receive, "notify Invocations": receive });
      await timePasses(pipeline);
    }
    await seen.metrics({ "notifications-dlq letters": 1, "notify Errors": 0 });
    await seen.alarms("email-failures", "slack-failures");

    switches.turnAllOff();
    await startsCold(pipeline);
    assert.is(await redriveUsedUp(pipeline), 1);
    await seen.metrics({ "notify LeadsNotified slack": 1, "notify EmailFailures": 3 });
    assert.equal(await seen.announced(), { slack: 1, email: 0, marked: 0 });
    await seen.calm();
  }));

test("any of them alone :: nobody needs SES while Slack takes the leads", () =>
  withFaults(async ({ crm, switches, seen }) => {
    for (const name of Object.keys(faults)) await switches.turnOn(name as FaultOf<"ses">);
    await crm.sendLead("website", newLead());
    await seen.metrics({ "notify LeadsNotified slack": 1 });
    await seen.alarms();
    assert.is(switches.strikes.size, 0);
  }));

email.run();
