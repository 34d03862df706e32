import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ISynthesisSession, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * Puts a file into the stack's folder when the stack is synthesized. Unlike a TerraformAsset it needs no copy on disk
 * before, and its path has no hash in it, so that a plan shows new contents as one changed hash and nothing else.
 * @returns the path as Terraform sees it
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
