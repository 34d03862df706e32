import { cpSync } from "node:fs";
import type { Random } from "local-aws";
import * as assert from "uvu/assert";
import type { EnvironmentName } from "../../../environments/index.ts";
import { FaultSwitch } from "../../../local/faults/fault-switch.ts";
import type { FaultName } from "../../../local/faults/faults.ts";
import { RunAudit } from "../../../local/faults/run-audit.ts";
import { synthesizeForFaults } from "../../../local/faults/stack.ts";
import { LeadAudit } from "../../../local/lead-audit.ts";
import { type Platform, startPlatform } from "../../../local/platform.ts";
import { inTime } from "../../helpers/in-time.ts";
import { madeOnce } from "../../helpers/made-once.ts";
import { type Line, parsedLine, Seen } from "./seen.ts";

/** The faults of one service, such as `slack`. */
export type FaultOf<Service extends string> = Extract<FaultName, `${Service}-${string}`>;

/**
 * The fault stack. Its functions have time enough on a busy machine; no test waits for a timeout. notify has too little
 * time to wait for the 30 s that slack-limited asks for. All tests of a run share one synthesis.
 */
export const faultStack = (env: EnvironmentName = "dev"): Promise<string> =>
  madeOnce(`fault-stack-${env}`, async (folder) => {
    const made = await synthesizeForFaults(env, { ingest: 29, enrich: 60, notify: 30 });
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
}

/** Runs of one process share a mailbox, so no two of them may have leads of the same ids. */
let started = 0;

export async function startFaulty({
  random = () => 0.5,
  betweenKills = 5,
}: FaultyOptions = {}): Promise<FaultyPipeline> {
  const switches = new FaultSwitch(random, { betweenKills });
  started += 1;
  const seed = started;
  const { intercept, delivery } = switches;
  const platform = await startPlatform({ stackDir: await faultStack(), seed, intercept, delivery });
  switches.attach(platform);
  return Object.assign(platform, {
    switches,
    leadAudit: new LeadAudit(platform),
    runAudit: new RunAudit(platform),
    seen: new Seen(platform),
  });
}

/** Runs a pipeline for as long as `use` takes. Whatever the fault: no lead may be lost, nor announced twice without a mark. */
export async function withFaults(
  use: (pipeline: FaultyPipeline) => Promise<void>,
  options: FaultyOptions = {},
): Promise<void> {
  const pipeline = await startFaulty(options);
  try {
    await use(pipeline);
    const { lost, repeats, missingDeadLetters } = await pipeline.runAudit.result();
    assert.equal(
      { lost, unmarked: repeats.unmarked, missingDeadLetters },
      { lost: [], unmarked: [], missingDeadLetters: [] },
    );
  } finally {
    pipeline.switches.turnAllOff();
    await pipeline.stop();
  }
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
