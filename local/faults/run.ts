import { setTimeout as pause } from "node:timers/promises";
import { numberField } from "../../packages/local-aws/src/stack/fields.ts";
import { type Platform, startPlatform } from "../platform.ts";
import { FaultSwitch } from "./fault-switch.ts";
import type { FaultName } from "./faults.ts";
import { Gauge, type Gauges, queueDepth, workQueues } from "./gauges.ts";
import { sendLoad } from "./load.ts";
import type { FaultOptions } from "./options.ts";
import { seededRandom } from "./random.ts";
import { redriveUsedUp } from "./redrive.ts";
import { Reckoner, type Reckoning } from "./run-audit.ts";
import { faultSchedule } from "./schedule.ts";
import { synthesizeForFaults } from "./stack.ts";

/** The account of a run. */
export interface FaultSummary extends Reckoning {
  readonly env: string;
  readonly seed: number;
  readonly sent: number;
  /** How often each fault struck. */
  readonly strikes: Readonly<Partial<Record<FaultName, number>>>;
  /** Dead letters that used up their receives while the faults lasted, and were sent back after them. */
  readonly redriven: number;
  readonly slackMessages: number;
  readonly gauges: Gauges;
  readonly wallMs: number;
}

/** Whether every lead is accounted for as it should be. */
export const passed = ({ lost, unburied, repeats, deadLettered }: FaultSummary): boolean =>
  lost.length + unburied.length + repeats.unmarked.length === 0 && Object.keys(deadLettered).length === 0;

/** Runs an environment's pipeline under faults, waits until they are over, redrives, and reckons up. */
export async function runFaults(options: FaultOptions, print: (line: string) => void): Promise<FaultSummary> {
  const { env, seed, leads } = options;
  const started = performance.now();
  const random = seededRandom(seed);
  const switches = new FaultSwitch(random);
  const { stackDir, remove } = await synthesizeForFaults(env);
  const platform = await startPlatform({
    stackDir,
    seed,
    intercept: switches.intercept,
    delivery: switches.delivery,
  }).finally(remove);
  try {
    switches.attach(platform);
    const reckoner = new Reckoner(platform);
    const gauges = await faultyTime(platform, reckoner, switches, options, print);
    print("faults are over; waiting for the queues to run empty");
    await quiet(platform, switches);
    const redriven = await redriveUsedUp(platform);
    if (redriven > 0) print(`redriven ${redriven} dead letters that had used up their receives`);
    await quiet(platform, switches);
    return {
      env,
      seed,
      sent: leads,
      ...(await reckoner.reckon()),
      strikes: Object.fromEntries(switches.strikes),
      redriven,
      slackMessages: platform.slack.messages.length,
      gauges,
      wallMs: Math.round(performance.now() - started),
    };
  } finally {
    switches.turnAllOff();
    await platform.stop();
  }
}

async function faultyTime(
  platform: Platform,
  reckoner: Reckoner,
  switches: FaultSwitch,
  { minutes, faults, leads, seed }: FaultOptions,
  print: (line: string) => void,
): Promise<Gauges> {
  const milliseconds = minutes * 60_000;
  const random = seededRandom(seed);
  const gauge = new Gauge(platform);
  const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`;
  const windows = faultSchedule(random, milliseconds, faults).map(async ({ fault, from, until, share }) => {
    await pause(from);
    print(`${seconds(from).padStart(8)}  ${fault} for ${seconds(until - from)}, ${share * 100} % of the time`);
    await switches.turnOn(fault, share);
    await pause(until - from);
    switches.turnOff(fault);
  });
  const twice = () => switches.hits("crm-twice");
  const load = sendLoad(platform, reckoner, { leads, milliseconds, seed, random, twice });
  await Promise.all([...windows, load]);
  return gauge.stop();
}

/** Milliseconds for which the queues have to stay empty: an event may be between a bucket and its queue. */
const calm = 1500;
const betweenLooks = 250;

/** Waits until no message is left in the work queues; as long as one can be hidden again and again, and no longer. */
async function quiet(platform: Platform, switches: FaultSwitch): Promise<void> {
  const visibility = platform.stack
    .of("aws_sqs_queue")
    .map((queue) => numberField(queue, "visibility_timeout_seconds", 30));
  const until = performance.now() + (Math.max(...visibility) * 3 + 60) * 1000;
  let emptySince = Number.POSITIVE_INFINITY;
  while (performance.now() < until && performance.now() - emptySince < calm) {
    const depths = await Promise.all(workQueues.map((queue) => queueDepth(platform, queue)));
    const empty = switches.underWay === 0 && depths.every((depth) => depth === 0);
    emptySince = empty ? Math.min(emptySince, performance.now()) : Number.POSITIVE_INFINITY;
    await pause(betweenLooks);
  }
}
