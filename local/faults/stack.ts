import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EnvironmentName, environments } from "../../environments/index.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import type { Synthesized } from "../synthesis.ts";

/** Seconds. A queue hides a message six times as long after an invocation that died, and a run has to wait for that. */
interface FaultTimeouts {
  readonly enrich: number;
  /** Above 12, because notify keeps so much for an email at the end of an invocation. */
  readonly notify: number;
}

const timeouts: FaultTimeouts = { enrich: 3, notify: 20 };

/** Requests a second: the API's throttle is for floods, which have a test of their own. */
const api = { requestsPerSecond: 1000, burst: 2000 };

/** Synthesizes an environment with short timeouts and an open throttle, and nothing else changed. */
export async function synthesizeForFaults(env: EnvironmentName, { enrich, notify } = timeouts): Promise<Synthesized> {
  const outdir = mkdtempSync(join(tmpdir(), "leadwire-faults-"));
  const remove = () => rmSync(outdir, { recursive: true, force: true });
  const { tuning, ...environment } = environments[env];
  const changed = {
    ...environment,
    api,
    tuning: {
      ...tuning,
      enrich: { ...tuning.enrich, timeoutSeconds: enrich },
      notify: { ...tuning.notify, timeoutSeconds: notify },
    },
  };
  try {
    await synthesize(outdir, { stacks: [`leadwire-${env}`], environments: { ...environments, [env]: changed } });
  } catch (error) {
    remove();
    throw error;
  }
  return { stackDir: join(outdir, "stacks", `leadwire-${env}`), remove };
}
