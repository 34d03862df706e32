import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from "../../environments/index.ts";
import { synthesize } from "../../stacks/synthesize.ts";

/**
 * The dev stack, synthesized for a benchmark: the same in everything but the API's throttle, which would otherwise be what
 * is measured.
 */
export async function benchStack(): Promise<Disposable & { readonly stackDir: string }> {
  const outdir = mkdtempSync(join(tmpdir(), "leadwire-bench-"));
  const dev = { ...environments.dev, api: { requestsPerSecond: 10_000, burst: 5000 } };
  await synthesize(outdir, { stacks: ["leadwire-dev"], environments: { ...environments, dev } });
  return {
    stackDir: join(outdir, "stacks", "leadwire-dev"),
    [Symbol.dispose]: () => rmSync(outdir, { recursive: true, force: true }),
  };
}
