import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalRunError } from "./errors.ts";

/** A stack that was synthesized for this run only. */
export interface Synthesized {
  readonly stackDir: string;
  /** Removes the folder. */
  remove(): void;
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Synthesizes in a process and a folder of its own, so that neither another run nor a plan is disturbed.
 * @throws LocalRunError with what the synthesis printed when it fails
 */
export async function synthesize(env: string): Promise<Synthesized> {
  const outdir = mkdtempSync(join(tmpdir(), "leadwire-synth-"));
  const child = spawn(process.execPath, [...process.execArgv, join(root, "main.ts")], {
    cwd: root,
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const remove = () => rmSync(outdir, { recursive: true, force: true });
  if (code !== 0) {
    remove();
    throw new LocalRunError("Synthesis", Buffer.concat(printed).toString("utf8").trim() || `synth ended with ${code}.`);
  }
  return { stackDir: join(outdir, "stacks", `leadwire-${env}`), remove };
}
