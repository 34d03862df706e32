import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ISynthesisSession, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * Writes a file into the stack's folder when the stack is synthesized. Unlike a TerraformAsset it needs no file on disk
 * before, and its path has no hash, so a plan shows new contents as one changed hash.
 * @param name file name, unique in the stack
 * @returns the path from the stack's folder, as Terraform reads it
 */
export function assetFile(scope: Construct, name: string, contents: Uint8Array): string {
  const path = `assets/${name}`;
  const stack = TerraformStack.of(scope);
  const { synthesizer } = stack;
  stack.synthesizer = {
    synthesize(session: ISynthesisSession) {
      synthesizer.synthesize(session);
      const file = join(session.outdir, session.manifest.forStack(stack).workingDirectory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, contents);
    },
  };
  return path;
}
