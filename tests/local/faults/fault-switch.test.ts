import { EventEmitter } from "node:events";
import { mock } from "node:test";
import type { ApiAnswer, Call } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FaultSwitch } from "../../../local/faults/fault-switch.ts";
import type { FaultName } from "../../../local/faults/faults.ts";
import type { Platform } from "../../../local/platform.ts";
import { seededRandom } from "../../../local/random.ts";

const role = { kind: "role", name: "notify", roleArn: "arn:role", functionArn: "arn:function" } as const;
const sendEmail: Call = { caller: role, service: "ses", operation: "SendEmail", parameters: {} };
const fine: ApiAnswer = { status: 200, headers: {}, body: "" };

/** How a call ends: `untouched` when no fault hits it, else the service's error. */
async function ending(switches: FaultSwitch, call = sendEmail, proceed = async () => fine): Promise<string> {
  try {
    return (await switches.intercept(call, proceed)) === undefined ? "untouched" : "answered";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const switches = suite("faults :: switch");

switches("touches nothing before a fault is on, and after it is off", async () => {
  const faults = new FaultSwitch(() => 0);
  assert.is(await ending(faults), "untouched");
  await faults.turnOn("ses-throttling");
  assert.is(await ending(faults), "TooManyRequestsException");
  faults.turnOff("ses-throttling");
  assert.is(await ending(faults), "untouched");
  assert.equal([...faults.strikes], [["ses-throttling", 1]]);
});

switches("hits the functions' calls only, and those of its service", async () => {
  const faults = new FaultSwitch(() => 0);
  await faults.turnOn("ses-throttling");
  assert.is(await ending(faults, { ...sendEmail, caller: { kind: "operator", name: "operator" } }), "untouched");
  assert.is(await ending(faults, { ...sendEmail, service: "s3", operation: "PutObject" }), "untouched");
});

switches("hits the share of the calls that it was turned on for", async () => {
  const faults = new FaultSwitch(seededRandom(1));
  await faults.turnOn("ses-paused", 0.3);
  for (let call = 0; call < 1000; call++) await ending(faults);
  const struck = faults.strikes.get("ses-paused") ?? 0;
  assert.ok(struck > 250 && struck < 350, `${struck} of 1,000`);
});

switches("loses every event while it is told so, and nothing else", async () => {
  const faults = new FaultSwitch(() => 0);
  const event: Call = {
    caller: { kind: "service", name: "rule", principal: "events.amazonaws.com", sourceArn: "arn:rule" },
    service: "sqs",
    operation: "SendMessage",
    parameters: {},
  };
  const proceed = async () => Promise.reject(new Error("An event that gets lost reaches no queue."));
  faults.losesEvents = true;
  assert.equal([await ending(faults, event, proceed), await ending(faults)], ["answered", "untouched"]);
  faults.losesEvents = false;
  assert.is(await ending(faults, event), "untouched");
});

switches("loses an answer only after the service has done its work", async () => {
  const faults = new FaultSwitch(() => 0);
  await faults.turnOn("ses-answer-lost");
  let sent = 0;
  const code = await ending(faults, sendEmail, async () => {
    sent += 1;
    return fine;
  });
  assert.equal([code, sent, faults.underWay], ["InternalServerError", 1, 0]);
});

switches("sends the CRM's events twice only while that is on, and counts it", async () => {
  const faults = new FaultSwitch(() => 0.5);
  assert.is(faults.hits("crm-twice"), false);
  await faults.turnOn("crm-twice", 0.3);
  assert.is(faults.hits("crm-twice"), false);
  await faults.turnOn("crm-twice");
  assert.is(faults.hits("crm-twice"), true);
  assert.is(faults.strikes.get("crm-twice"), 1);
});

switches("does not hit a call whose number is the share", async () => {
  const faults = new FaultSwitch(() => 0.5);
  await faults.turnOn("crm-twice", 0.5);
  assert.is(faults.hits("crm-twice"), false);
});

for (const [what, first, second] of [
  ["Slack", "slack-down", "slack-slow"],
  ["the sources' APIs", "api-down", "api-limited"],
] as const) {
  switches(`of two faults of ${what} the one that began last is in force, and after it the other one`, async () => {
    const faults = new FaultSwitch(() => 0);
    const [slack, api] = [1, 2].map(() => Object.assign(new EventEmitter(), { mode: "up" }));
    faults.attach({ slack, apis: new Map([["crm", api]]), functions: new Map() } as unknown as Platform);
    const modes = () => ({ slack: slack?.mode, api: api?.mode });
    const only = (name: FaultName) => ({ slack: "up", api: "up", [name.slice(0, name.indexOf("-"))]: modeOf(name) });
    const modeOf = (name: FaultName) => name.slice(name.indexOf("-") + 1);
    await faults.turnOn(first);
    await faults.turnOn(second);
    assert.equal(modes(), only(second));
    for (const one of [slack, api]) one?.emit("answered");
    assert.equal([...faults.strikes], [[second, 1]]);
    faults.turnOff(second);
    assert.equal(modes(), only(first));
    faults.turnOff(first);
    assert.equal(modes(), { slack: "up", api: "up" });
  });
}

switches("ends a function in the middle of its work once a second, until the fault is off", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    let kills = 0;
    const fn = {
      endIdle: async () => {},
      async killOne() {
        kills += 1;
        return true;
      },
    };
    const slack = Object.assign(new EventEmitter(), { mode: "up" });
    const faults = new FaultSwitch(() => 0);
    faults.attach({ slack, apis: new Map(), functions: new Map([["notify", fn]]) } as unknown as Platform);
    await faults.turnOn("worker-killed");
    const seen = [999, 1, 1000].map((milliseconds) => {
      mock.timers.tick(milliseconds);
      return kills;
    });
    faults.turnOff("worker-killed");
    mock.timers.tick(5000);
    assert.equal([...seen, kills], [0, 1, 2, 2]);
  } finally {
    mock.timers.reset();
  }
});

switches.run();
