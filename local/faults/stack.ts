import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mapValues, toMerged } from "es-toolkit/object";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import type { StageName } from "../../flow.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import type { Synthesized } from "../synthesis.ts";

/**
 * Seconds. A queue hides a message six times as long after an invocation that died, and a run has to wait for that. notify
 * needs more than 12, because it keeps so much for an email at the end of an invocation.
 */
const shortTimeouts = { enrich: 3, notify: 20 };

/** Requests a second: the API's throttle is for floods, which have a test of their own. */
const api = { requestsPerSecond: 1000, burst: 2000 };

/**
 * Synthesizes an environment with other timeouts and an open throttle, and nothing else changed.
 * @param timeouts of functions, in seconds. @default 3 for enrich and 20 for notify
 */
export async function synthesizeForFaults(
  env: EnvironmentName,
  timeouts: Readonly<Partial<Record<StageName, number>>> = shortTimeouts,
): Promise<Synthesized> {
  const outdir = mkdtempSync(join(tmpdir(), "leadwire-faults-"));
  const remove = () => rmSync(outdir, { recursive: true, force: true });
  const { tuning, ...environment } = environments[env];
  const changed = {
    ...environment,
    api,
    tuning: toMerged(
      tuning ?? {},
      mapValues(timeouts, (timeoutSeconds) => ({ timeoutSeconds })),
    ),
  };
  try {
    await synthesize(outdir, { stacks: [`leadwire-${env}`], environments: { ...environments, [env]: changed } });
  } catch (error) {
    remove();
    throw error;
  }
  return { stackDir: join(outdir, "stacks", `leadwire-${env}`), remove };
}
