import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { LocalRunError } from "./errors.ts";

/** A stack that was synthesized for this run only. `remove` removes its folder. */
export interface Synthesized {
  readonly stackDir: string;
  remove(): void;
}

/** Synthesizes the stack of an environment into a folder of its own, so that neither another run nor a plan is disturbed. */
export async function inOwnFolder(env: string, synth: (outdir: string) => Promise<void>): Promise<Synthesized> {
  const outdir = mkdtempSync(join(tmpdir(), "leadwire-synth-"));
  const remove = () => rmSync(outdir, { recursive: true, force: true });
  try {
    await synth(outdir);
  } catch (error) {
    remove();
    throw error;
  }
  return { stackDir: join(outdir, "stacks", `leadwire-${env}`), remove };
}

/**
 * Synthesizes in a process of its own, so that the run can load its services meanwhile.
 * @throws LocalRunError with what the synthesis printed when it fails
 */
export const synthesize = (env: string) =>
  inOwnFolder(env, async (outdir) => {
    const root = dirname(import.meta.dirname);
    try {
      await promisify(execFile)(process.execPath, [...process.execArgv, join(root, "main.ts")], {
        cwd: root,
        env: { ...process.env, CDKTF_OUTDIR: outdir },
      });
    } catch (error) {
      const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: unknown };
      throw new LocalRunError("Synthesis", (stdout + stderr).trim() || `synth ended with ${code}.`);
    }
  });
