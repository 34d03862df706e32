/** `npm run inventory`: writes docs/stacks/ from the stacks as they are now. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../stacks/synthesize.ts";
import { inventory, readStacks } from "./inventory/inventory.ts";

const folder = join(import.meta.dirname, "../docs/stacks");
const outdir = mkdtempSync(join(tmpdir(), "leadwire-inventory-"));
try {
  await synthesize(outdir);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(inventory(readStacks(outdir)))) {
    writeFileSync(join(folder, `${name}.md`), text);
    console.log(`docs/stacks/${name}.md: ${text.split("\n").length - 1} lines`);
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
