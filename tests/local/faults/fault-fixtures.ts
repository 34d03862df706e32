import { cpSync } from "node:fs";
import type { Intercept, Random } from "local-aws";
import type { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EnvironmentName } from "../../../environments/index.ts";
import { FaultSwitch } from "../../../local/faults/fault-switch.ts";
import type { FaultName } from "../../../local/faults/faults.ts";
import { RunAudit } from "../../../local/faults/run-audit.ts";
import { synthesizeForFaults } from "../../../local/faults/stack.ts";
import { LeadAudit } from "../../../local/lead-audit.ts";
import { type Platform, startPlatform } from "../../../local/platform.ts";
import { queuesEmpty } from "../../../local/queues.ts";
import { inTime } from "../../helpers/in-time.ts";
import { madeOnce } from "../../helpers/made-once.ts";
import { sharedBundles } from "../../helpers/shared-bundles.ts";
import { sideBySide } from "../../helpers/side-by-side.ts";
import { type Line, parsedLine, Seen } from "./seen.ts";

/** The faults of one service, such as `slack`. */
export type FaultOf<Service extends string> = Extract<FaultName, `${Service}-${string}`>;

/**
 * The fault stack. Its functions have time enough on a busy machine; no test waits for a timeout. notify has too little
 * time to wait for the 30 s that slack-limited asks for. All tests of a run share one synthesis.
 */
export const faultStack = (env: EnvironmentName = "dev"): Promise<string> =>
  madeOnce(`fault-stack-${env}`, async (folder) => {
    const timeouts = { ingest: 29, enrich: 60, notify: 30 };
    const made = await synthesizeForFaults(env, { timeouts, bundles: await sharedBundles() });
    cpSync(made.stackDir, folder, { recursive: true });
    made.remove();
  });

/** A pipeline whose faults a test turns on and off, and what is seen of it. */
export interface FaultyPipeline extends Platform {
  readonly switches: FaultSwitch;
  readonly leadAudit: LeadAudit;
  readonly runAudit: RunAudit;
  readonly seen: Seen;
}

export interface FaultyOptions {
  /** What the faults draw from. @default always the middle */
  readonly random?: Random;
  /** Milliseconds between two killed workers. @default 5 */
  readonly betweenKills?: number;
  /** Sees every call before the faults do. */
  readonly intercept?: Intercept;
}

/** A pipeline that tests use one after the other. */
interface ReusedPipeline extends FaultyPipeline {
  /** Begins a test: with other faults, all off, and with nothing seen yet. */
  begin(options: FaultyOptions): void;
}

/** Runs of one process share a mailbox, so no two of them may have leads of the same ids. */
let started = 0;

export async function startFaulty(options: FaultyOptions = {}): Promise<ReusedPipeline> {
  let { intercept: first } = options;
  const switchesOf = ({ random = () => 0.5, betweenKills = 5 }: FaultyOptions) =>
    new FaultSwitch(random, { betweenKills });
  let switches = switchesOf(options);
  started += 1;
  const seed = started;
  const platform = await startPlatform({
    stackDir: await faultStack(),
    seed,
    intercept: async (call, proceed) => (await first?.(call, proceed)) ?? switches.intercept(call, proceed),
    delivery: {
      duplicates: () => switches.delivery.duplicates(),
      reordered: (items) => switches.delivery.reordered(items),
    },
  });
  switches.attach(platform);
  const pipeline = Object.assign(platform, {
    switches,
    leadAudit: new LeadAudit(platform),
    runAudit: new RunAudit(platform),
    seen: new Seen(platform),
    begin: (next: FaultyOptions) => {
      first = next.intercept;
      switches = switchesOf(next);
      switches.attach(platform);
      pipeline.switches = switches;
      pipeline.gateway.counts.clear();
      pipeline.seen.restart();
    },
  });
  return pipeline;
}

/** Pipelines that no test uses at the moment. */
const idle: ReusedPipeline[] = [];

/** Adds tests to a suite that run side by side and share pipelines, which stop after the last test. */
export function faultTests(tests: ReturnType<typeof suite>): ReturnType<typeof sideBySide> {
  tests.after(async () => {
    await Promise.all(idle.splice(0).map((pipeline) => pipeline.stop()));
  });
  return sideBySide(tests);
}

/**
 * Lends a test of `faultTests` a pipeline. Whatever the fault: no lead may be lost, nor announced twice without a mark.
 */
export async function withFaults(
  use: (pipeline: FaultyPipeline) => Promise<void>,
  options: FaultyOptions = {},
): Promise<void> {
  const pipeline = idle.pop() ?? (await startFaulty());
  pipeline.begin(options);
  try {
    await use(pipeline);
    const { lost, repeats, outcomes, missingDeadLetters } = await pipeline.runAudit.result();
    assert.equal(
      { lost, unmarked: repeats.unmarked, wrongOutcomes: outcomes.wrong, missingDeadLetters },
      { lost: [], unmarked: [], wrongOutcomes: [], missingDeadLetters: [] },
    );
    pipeline.switches.turnAllOff();
    if (await quiet(pipeline)) return void idle.push(pipeline);
  } catch (error) {
    pipeline.switches.turnAllOff();
    await pipeline.stop();
    throw error;
  }
  await pipeline.stop();
}

/** Lets notify forget what it knows of Slack and its secrets; nothing of it may be under way. */
export const startsCold = async ({ functions }: Pick<Platform, "functions">) =>
  functions.get("leadwire-dev-notify")?.endIdle();

/** Milliseconds after which a pipeline that still works on something is not used again. */
const patience = 5000;

/** Whether a pipeline has nothing to do, no open circuit, and no alarm any more, so that another test can use it. */
async function quiet(pipeline: FaultyPipeline): Promise<boolean> {
  const { switches, seen } = pipeline;
  const isEmpty = await queuesEmpty(pipeline, { patience, busy: () => switches.underWay > 0 });
  if (switches.strikes.size > 0) await startsCold(pipeline);
  return isEmpty && (await seen.quietAlarms());
}

/** The next log line of a function that fits; the test fails when none comes in time. */
export function logLine({ logs }: Platform, fits: (line: Line) => boolean): Promise<Line> {
  return inTime<Line>("a log line that fits", (resolve) => {
    logs.on("line", ({ line }) => {
      const parsed = parsedLine(line);
      if (fits(parsed)) resolve(parsed);
    });
  });
}
