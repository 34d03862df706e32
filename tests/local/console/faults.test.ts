import { mock } from "node:test";
import type { Call } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { consoleApp } from "../../../local/console/app.ts";
import type { ConsoleContext } from "../../../local/console/context.ts";
import type { FaultsView } from "../../../local/console/shapes/faults.ts";
import { FaultSwitch } from "../../../local/faults/fault-switch.ts";
import { type FaultName, faultNames } from "../../../local/faults/faults.ts";
import type { Platform } from "../../../local/platform.ts";
import { firstSnapshot } from "./first-snapshot.ts";

const call: Call = {
  caller: { kind: "role", name: "leadwire-dev-notify", roleArn: "arn:role", functionArn: "arn:function" },
  service: "dynamodb",
  operation: "PutItem",
  parameters: {},
};

/** The console over a run in which nothing happens. */
function quietRun() {
  const faults = new FaultSwitch(() => 0);
  const sent: number[] = [];
  const chat: { failureOf(): unknown } = { failureOf: () => undefined };
  const platform = {
    functions: new Map(),
    apis: new Map(),
    chats: { slack: chat },
    gateway: { url: "http://127.0.0.1:1" },
    slack: { mode: "limited", on: () => undefined },
    crm: { requests: { settled: 0 }, sendLeads: async (leads: number) => void sent.push(leads) },
    stack: { output: () => "http://127.0.0.1:1/1/q", outputs: [] },
    clientSettings: () => ({ region: "eu-central-1" }),
  };
  faults.attach(platform as unknown as Platform);
  const app = consoleApp({ environment: "dev", platform: platform as unknown as Platform, faults } as ConsoleContext);
  const post = async (path: string, body: object) => {
    const answer = await app.request(`/api/faults/${path}`, { method: "POST", body: JSON.stringify(body) });
    return [answer.status, ((await answer.json()) as { error?: string }).error];
  };
  const view = () => firstSnapshot<FaultsView>(app, "/api/faults/live");
  return { faults, platform, post, sent, chat, view };
}

const page = suite("faults in the console");

page("switches every fault but the load's own on and off", async () => {
  const { faults, post } = quietRun();
  for (const name of faultNames.filter((each) => !each.startsWith("api-") && each !== "crm-twice")) {
    await post("switch", { name, on: true });
    assert.is(faults.isOn(name), true, name);
    await post("switch", { name, on: false });
    assert.is(faults.isOn(name), false, name);
  }
  assert.equal(await post("switch", { name: "moon-phase" as FaultName, on: true }), [
    400,
    "There is no fault moon-phase.",
  ]);
});

page("gives Slack back the mode that it began with", async () => {
  const { platform, post } = quietRun();
  await post("switch", { name: "slack-down", on: true });
  assert.is(platform.slack.mode, "down");
  await post("switch", { name: "slack-down", on: false });
  assert.is(platform.slack.mode, "limited");
});

for (const [name, fails, service, workers] of [
  ["slack+email", "answered 5xx", "ses", ["notify"]],
  ["storage", undefined, "s3", ["enrich", "notify"]],
  ["ledger", undefined, "dynamodb", ["notify"]],
  ["secrets", undefined, "ssm", ["enrich", "notify"]],
] as const) {
  page(`${name} takes down what its name says, for whom it says, and no chat but with Slack`, async () => {
    const { chat, faults, post } = quietRun();
    await post("outage", { name, minutes: 1 });
    assert.is(chat.failureOf(), fails);
    const isDown = (given: Call) => {
      try {
        return faults.outage?.intercept(given, async () => ({ status: 200, headers: {}, body: "" })) !== undefined;
      } catch {
        return true;
      }
    };
    const down = (["ses", "s3", "dynamodb", "ssm"] as const).flatMap((one) =>
      ["ingest", "enrich", "notify"].flatMap((worker) => {
        const caller = { ...call.caller, name: `leadwire-dev-${worker}` } as Call["caller"];
        return isDown({ ...call, service: one, caller }) ? [`${one} ${worker}`] : [];
      }),
    );
    assert.equal(
      down,
      workers.map((worker) => `${service} ${worker}`),
    );
  });
}

page("ends the first of two outages that are asked for at once", async () => {
  const { chat, post } = quietRun();
  const asked = ["slack+email", "ledger"].map((name) => post("outage", { name, minutes: 1 }));
  await Promise.all(asked);
  assert.is(chat.failureOf(), undefined);
});

page("takes one service down at a time, and ends that when it is told so", async () => {
  const { faults, post } = quietRun();
  const ending = async () => {
    try {
      await faults.intercept(call, async () => ({ status: 200, headers: {}, body: "" }));
      return "untouched";
    } catch (error) {
      return (error as Error).name;
    }
  };
  assert.is(await ending(), "untouched");
  await post("outage", { name: "storage", minutes: 1 });
  await post("outage", { name: "ledger", minutes: 1 });
  assert.is.not(await ending(), "untouched");
  await post("outage/end", {});
  assert.is(await ending(), "untouched");
  for (const minutes of [0, 120.1]) assert.is((await post("outage", { name: "ledger", minutes }))[0], 400);
  for (const name of ["moon", "toString"]) assert.is((await post("outage", { name, minutes: 1 }))[0], 400);
});

page("an outage ends by itself", async () => {
  const { faults, post, view } = quietRun();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    await post("outage", { name: "ledger", minutes: 1 });
    await post("outage/end", {});
    assert.is((await view()).outage, undefined);
    mock.timers.tick(30_000);
    await post("outage", { name: "ledger", minutes: 120 });
    mock.timers.tick(30_000);
    assert.equal((await view()).outage, { name: "ledger", remaining: 119.5 * 60_000 });
    mock.timers.tick(119.5 * 60_000 - 1);
    assert.ok(faults.outage);
    mock.timers.tick(1);
    assert.is(faults.outage, undefined);
  } finally {
    mock.timers.reset();
  }
});

page("sends bursts within bounds, and says how many leads of the latest are answered", async () => {
  const { post, sent, view, platform } = quietRun();
  platform.crm.requests.settled = 7;
  assert.is((await post("burst", { leads: 500 }))[0], 200);
  platform.crm.requests.settled = 10;
  assert.equal((await view()).burst, { leads: 500, answered: 3 });
  platform.crm.requests.settled = 600;
  assert.equal((await view()).burst, { leads: 500, answered: 500 });
  assert.is((await post("burst", { leads: 10_001 }))[0], 400);
  assert.is((await post("burst", { leads: null }))[0], 400);
  assert.is((await post("burst", { leads: 10_000 }))[0], 200);
  assert.equal(sent, [500, 10_000]);
});

page.run();
