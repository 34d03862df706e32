import { join } from "node:path";
import { environments } from "../../environments/index.ts";
import { synthesize } from "../../stacks/synthesize.ts";
import { madeOnce } from "../helpers/made-once.ts";
import { sharedBundles } from "../helpers/shared-bundles.ts";

/** dev with the lead index, whose worker takes ten events at a time, and with an open throttle. */
export const devWithIndex = {
  ...environments.dev,
  api: { requestsPerSecond: 1000, burst: 2000 },
  consumers: { "lead-index": { batchSize: 10 } },
};

/** Its stack folder; all tests of a run share one synthesis. */
export async function leadIndexStack(): Promise<string> {
  const folder = await madeOnce("lead-index-stack", async (outdir) =>
    synthesize(outdir, {
      stacks: ["leadwire-dev"],
      environments: { ...environments, dev: devWithIndex },
      bundles: await sharedBundles(),
    }),
  );
  return join(folder, "stacks/leadwire-dev");
}
