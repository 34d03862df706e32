import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Monitoring } from "../../packages/local-aws/src/monitoring/monitoring.ts";
import type { QueueDepth } from "../../packages/local-aws/src/monitoring/service-metrics.ts";
import { readStack } from "../../packages/local-aws/src/stack/stack-file.ts";
import { testStacks } from "../helpers/unusual-environment.ts";

/** Its latency budget is 222 s, and it gets an alarm after 66 hours without leads. */
const { unusual } = await testStacks();
const stack = readStack(unusual.folder, {
  gatewayUrl: "http://127.0.0.1:1",
  apiUrl: "http://127.0.0.1:2",
  parameter: () => "https://127.0.0.1:1",
});

/** Queues by name, without the stack's prefix. */
type Depths = Readonly<Record<string, number>>;
/** What happens in one of an alarm's periods. */
type Happens = (monitoring: Monitoring) => void;

/** The states of an alarm after each of its periods. */
async function statesOf(name: string, periods: readonly (Depths | Happens)[]): Promise<unknown[]> {
  const queues: QueueDepth[] = [];
  const monitoring = new Monitoring(stack, {
    queues: () => queues,
    authorize: () => undefined,
    sendEmail: async () => undefined,
    retryPause: 0,
  });
  monitoring.topics.publish = async () => undefined;
  const states: unknown[] = [];
  for (const period of periods) {
    const depths = typeof period === "function" ? {} : period;
    queues.splice(0, queues.length);
    for (const [queue, visible] of Object.entries(depths)) {
      queues.push({ name: `leadwire-unusual-${queue}`, visible, notVisible: 0, oldestAgeSeconds: 0 });
    }
    if (typeof period === "function") period(monitoring);
    await monitoring.tick(new Date());
    states.push(monitoring.states.get(`leadwire-unusual-${name}`));
  }
  await monitoring.stop();
  return states;
}

/** A line of a function's log with a metric, one value for each lead. */
const writes =
  (service: string, metric: string, values: readonly number[], dimensions: Readonly<Record<string, string>> = {}) =>
  (monitoring: Monitoring) => {
    const all = { service, environment: "unusual", ...dimensions };
    const directive = { Namespace: "Leadwire", Dimensions: [Object.keys(all)], Metrics: [{ Name: metric }] };
    monitoring.logged(JSON.stringify({ _aws: { CloudWatchMetrics: [directive] }, ...all, [metric]: values }));
  };
const answers = (status: number) => (monitoring: Monitoring) =>
  monitoring.requested({ apiId: "api", stage: "$default", status, milliseconds: 3 });
const nothing = () => undefined;
const repeated = <T>(count: number, value: T) => Array.from({ length: count }, () => value);
/** So many leads, of which some took longer than the latency budget. */
const leads = (count: number, late: number, channel: string) => {
  const milliseconds = [...repeated(count - late, 2_000), ...repeated(late, 222_001)];
  return writes("notify", "IngestToNotification", milliseconds, { channel });
};
const undelivered =
  (rule: string, metric: "FailedInvocations" | "InvocationsFailedToBeSentToDlq") => (aws: Monitoring) =>
    aws.undelivered(`leadwire-unusual-${rule}`, metric);

const [ok, alarm] = ["OK", "ALARM"];
const fire = suite("stacks :: alarms fire");

fire("a dead letter that is there for an hour, and not one that is redriven before", async () => {
  for (const queue of ["leads", "notifications"]) {
    const [one, none] = [{ [`${queue}-dlq`]: 1 }, { [`${queue}-dlq`]: 0 }];
    const hour = await statesOf(`${queue}-dlq-hour`, [...repeated(12, one), none]);
    assert.equal(hour, [...repeated(11, ok), alarm, ok]);
    const redriven = await statesOf(`${queue}-dlq-hour`, [...repeated(11, one), none, ...repeated(11, one)]);
    assert.equal(redriven, repeated(23, ok));
    assert.equal(await statesOf(`${queue}-dlq-depth`, [{ [`${queue}-dlq`]: 2 }, { [`${queue}-dlq`]: 3 }]), [ok, alarm]);
  }
});

for (const channel of ["slack", "email"]) {
  fire(`more than 1 % of an hour's leads later than the latency budget, by ${channel}`, async () => {
    const periods = [leads(200, 2, channel), leads(200, 3, channel), leads(3, 0, channel), leads(3, 1, channel)];
    assert.equal(await statesOf(`${channel}-latency`, periods), [ok, alarm, ok, alarm]);
  });
}
fire("no leads by one channel do not hide late ones of another", async () => {
  assert.equal(await statesOf("email-latency", [leads(3, 3, "slack")]), [ok]);
});

for (const [name, worker] of [
  ["enrich-rejections", "enrich"],
  ["notify-rejections", "notify"],
] as const) {
  fire(`leads that ${worker} rejects, and none that it works on`, async () => {
    const periods = [writes(worker, "LeadsEnriched", [9]), writes(worker, "LeadsRejected", [1])];
    assert.equal(await statesOf(name, periods), [ok, alarm]);
  });
}

/** CloudWatch looks back further where data is missing, in local-aws by two periods. */
const lookedBack = 2;

fire("refused signatures, for an hour after the last one", async () => {
  const refused = writes("ingest", "SignaturesRefused", [1]);
  const periods = [writes("ingest", "LeadsIngested", [5]), refused, ...repeated(60 + lookedBack, nothing)];
  const states = await statesOf("signatures-refused", periods);
  assert.equal(states, [ok, ...repeated(60 + lookedBack, alarm), ok]);
});

fire("a request that gets 429, and none that gets another answer", async () => {
  assert.equal(await statesOf("api-throttled", [answers(202), answers(503), answers(401), answers(429)]), [
    ...[ok, ok, ok],
    alarm,
  ]);
});

for (const rule of ["raw-lead-created", "enriched-lead-created"]) {
  fire(`events of the rule ${rule} that are given up, and others when they are lost`, async () => {
    const gaveUp = undelivered(rule, "FailedInvocations");
    const lost = undelivered(rule, "InvocationsFailedToBeSentToDlq");
    const ofAnother = undelivered("another", "FailedInvocations");
    assert.equal(await statesOf(`${rule}-failed`, [ofAnother, lost, gaveUp]), [ok, ok, alarm]);
    assert.equal(await statesOf(`${rule}-lost`, [ofAnother, gaveUp, lost]), [ok, ok, alarm]);
  });
}

fire("the environment's hours without a lead, and not one hour less", async () => {
  const lead = writes("enrich", "LeadsEnriched", [1]);
  const periods = [lead, ...repeated(66 + lookedBack, nothing), lead];
  assert.equal(await statesOf("no-leads", periods), [...repeated(66 + lookedBack, ok), alarm, ok]);
});

fire.run();
