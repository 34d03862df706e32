import { mapValues, toMerged } from "es-toolkit/object";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import type { StageName } from "../../flow.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import { inOwnFolder, type Synthesized } from "../synthesis.ts";

/**
 * Seconds. A queue hides a message six times as long after an invocation that died, and a run has to wait for that. notify
 * needs more than 15, because it keeps so much for a message and an email at the end of an invocation. enrich keeps its own
 * timeout: with less, its calls of a slow S3 would not end in time, and invocations would die that do not on AWS.
 */
const shortTimeouts = { notify: 20 };

/** Requests a second: the API's throttle is for floods, which have a test of their own. */
const api = { requestsPerSecond: 1000, burst: 2000 };

/**
 * Synthesizes an environment with other timeouts and an open throttle, and nothing else changed.
 * @param timeouts of functions, in seconds. @default 20 for notify
 */
export function synthesizeForFaults(
  env: EnvironmentName,
  timeouts: Readonly<Partial<Record<StageName, number>>> = shortTimeouts,
): Promise<Synthesized> {
  const { tuning, ...environment } = environments[env];
  const changed = {
    ...environment,
    api,
    tuning: toMerged(
      tuning ?? {},
      mapValues(timeouts, (timeoutSeconds) => ({ timeoutSeconds })),
    ),
  };
  return inOwnFolder(env, (outdir) =>
    synthesize(outdir, { stacks: [`leadwire-${env}`], environments: { ...environments, [env]: changed } }),
  );
}
