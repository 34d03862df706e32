import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type FaultOf, faultTests, startsCold, withFaults } from "./fault-fixtures.ts";
import { newLead, timePasses } from "./fault-steps.ts";

/** What notify's log tells of Slack, and what people get. */
interface Expected {
  readonly rule: string;
  readonly status: "refused" | "unknown";
  readonly reason: string;
  /** What the email says of Slack. */
  readonly why: string;
  readonly told: { readonly slack: number; readonly email: number; readonly marked: number };
}

const unconfirmed = "did not confirm that it arrived, so it may be there too";
const refused = { slack: 0, email: 1, marked: 0 };
const unseen = { slack: 0, email: 1, marked: 1 };

const faults: Readonly<Record<FaultOf<"slack">, Expected>> = {
  "slack-down": {
    rule: "leads go by email",
    status: "refused",
    reason: "rollup_error",
    why: "was not available",
    told: refused,
  },
  "slack-limited": {
    rule: "leads go by email when Slack asks for more patience than there is",
    status: "refused",
    reason: "rate_limited",
    why: "was too busy",
    told: refused,
  },
  "slack-slow": {
    rule: "leads go by email, which says that it may be a repeat, after 5 s without an answer",
    status: "unknown",
    reason: "TimeoutError",
    why: unconfirmed,
    told: unseen,
  },
  "slack-resetting": {
    rule: "leads go by email, which says that it may be a repeat",
    status: "unknown",
    reason: "ECONNRESET",
    why: unconfirmed,
    told: unseen,
  },
  "slack-silent": {
    rule: "leads are in the channel and in an email, which says that it may be a repeat",
    status: "unknown",
    reason: "ECONNRESET",
    why: unconfirmed,
    told: { slack: 1, email: 1, marked: 1 },
  },
  "slack-uncertain": {
    rule: "leads are in the channel and in an email, which says that it may be a repeat",
    status: "unknown",
    reason: "fatal_error",
    why: unconfirmed,
    told: { slack: 1, email: 1, marked: 1 },
  },
};

const slack = suite("faults of Slack");
const test = faultTests(slack);

for (const [name, { rule, status, reason, why, told }] of Object.entries(faults)) {
  test(`${name} :: ${rule}; the failure is logged, counted and alarms until it is over`, () =>
    withFaults(async (pipeline) => {
      const { crm, switches, seen } = pipeline;
      await switches.turnOn(name as FaultOf<"slack">);
      const { leadIds } = await crm.sendLead("website", newLead());
      await seen.line({
        service: "notify",
        level: "WARN",
        message: "Slack did not take the leads, email will",
        correlationIds: leadIds,
        status,
        reason,
      });
      await seen.metrics({ "notify SlackFailures": 1, "notify LeadsNotified email": 1, "notify LeadsRetried": 0 });
      await seen.alarms("slack-failures");
      assert.equal(await seen.announced(), told);
      assert.match((await seen.emails())[0] ?? "", `You get this by email because Slack ${why}.`);

      switches.turnOff(name as FaultOf<"slack">);
      await timePasses(pipeline);
      await startsCold(pipeline);
      await crm.sendLead("website", newLead());
      await seen.metrics({ "notify SlackFailures": 1, "notify LeadsNotified slack": 1 });
      await seen.calm();
    }));
}

test("after slack-down leads go by email for 30 s more, without waiting for Slack", () =>
  withFaults(async ({ crm, switches, seen }) => {
    await switches.turnOn("slack-down");
    await crm.sendLead("website", newLead());
    await seen.metrics({ "notify SlackFailures": 1 });
    switches.turnOff("slack-down");
    await crm.sendLead("website", newLead());
    await seen.line({ service: "notify", level: "WARN", status: "refused", reason: "circuit_open" });
    await seen.metrics({ "notify LeadsNotified email": 2 });
    assert.equal(await seen.announced(), { slack: 0, email: 2, marked: 0 });
  }));

test("during the pause that slack-limited asks for, leads go by email at once", () =>
  withFaults(async ({ crm, switches, seen }) => {
    await switches.turnOn("slack-limited");
    await crm.sendLead("website", newLead());
    await seen.metrics({ "notify LeadsNotified email": 1 });
    await crm.sendLead("website", newLead());
    await seen.line({ service: "notify", level: "WARN", status: "refused", reason: "no_slot_in_time" });
    await seen.metrics({ "notify LeadsNotified email": 2, "notify Errors": 0 });
  }));

slack.run();
