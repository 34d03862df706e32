import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sesRefusals } from "../../../functions/notify/channels/email/classify.ts";
import { type FaultOf, faultTests, withFaults } from "./fault-fixtures.ts";
import { newLead } from "./fault-steps.ts";

/** SES is asked only for what Slack does not take, so each of its faults is shown beside a Slack that is down. */
interface Expected {
  readonly rule: string;
  readonly errorClass: string;
  readonly remedy?: string | undefined;
  /** It ends only when a person acts. */
  readonly needsPerson?: true;
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
    needsPerson: true,
    calls: 1,
    told: once,
  },
  "ses-paused": {
    rule: "leads wait, and the log tells what to do",
    errorClass: "SendingPausedException",
    remedy: sesRefusals.SendingPausedException.advice,
    needsPerson: true,
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

for (const [fault, { rule, errorClass, remedy, needsPerson, calls, told }] of Object.entries(faults)) {
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
      switches.turnOff(name);
      await seen.line({ message: "message postponed", correlationId: leadIds[0], needsPerson: needsPerson ?? false });
      await seen.counted("notify LeadsPostponed");
      const person = needsPerson ? ["notify-person-needed"] : [];
      await seen.alarms("email-failures", "notify-postponed", "slack-failures", ...person);

      await seen.metrics({ "notify LeadsNotified email": 1, "notify LeadsRetried": 0, "notify Errors": 0 });
      assert.equal(await seen.announced(), told);
      await seen.calm();
    }));
}

test("any of them alone :: nobody needs SES while Slack takes the leads", () =>
  withFaults(async ({ crm, switches, seen }) => {
    for (const name of Object.keys(faults)) await switches.turnOn(name as FaultOf<"ses">);
    await crm.sendLead("website", newLead());
    await seen.metrics({ "notify LeadsNotified slack": 1 });
    await seen.alarms();
    assert.is(switches.strikes.size, 0);
  }));

email.run();
