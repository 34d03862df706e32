import { LeadwireError } from "./errors.ts";
import { stateBackendNamed } from "./stacks/state-backend.ts";
import { synthesize } from "./stacks/synthesize.ts";

try {
  const { CDKTF_OUTDIR: outdir = "cdktf.out", LEADWIRE_STATE_BACKEND: stateBackend = "s3" } = process.env;
  await synthesize(outdir, { stateBackend: stateBackendNamed(stateBackend) });
} catch (error) {
  if (!(error instanceof LeadwireError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
