import { mapValues, toMerged } from "es-toolkit/object";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import type { StageName } from "../../flow.ts";
import { type Bundles, synthesize } from "../../stacks/synthesize.ts";
import { inOwnFolder, type Synthesized } from "../synthesis.ts";

/**
 * Timeouts in seconds. After an invocation that died, a queue hides its messages for six times the timeout, and a run waits for
 * that. notify needs more than 15, because it reserves 15 for a message and an email at the end of an invocation. enrich keeps
 * its own timeout: a shorter one would end its invocations before its calls of a slow S3 end, which does not happen on AWS.
 */
const shortTimeouts = { notify: 20 };

/** Requests a second: the API's throttle is for floods, which have a test of their own. */
const api = { requestsPerSecond: 1000, burst: 2000 };

interface FaultStackOptions {
  /** Timeouts of functions, in seconds. @default 20 for notify */
  readonly timeouts?: Readonly<Partial<Record<StageName, number>>>;
  /** The functions' code. @default bundled now */
  readonly bundles?: Bundles;
}

/** Synthesizes an environment with other timeouts and an open throttle, and nothing else changed. */
export function synthesizeForFaults(
  env: EnvironmentName,
  { timeouts = shortTimeouts, bundles }: FaultStackOptions = {},
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
    synthesize(outdir, {
      stacks: [`leadwire-${env}`],
      environments: { ...environments, [env]: changed },
      ...(bundles && { bundles }),
    }),
  );
}
