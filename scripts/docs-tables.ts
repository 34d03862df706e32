/**
 * Writes what comes from code in the documentation: knobs and settings in docs/tuning.md, alarms in README.md, prices and the
 * fixed cost of the stacks in docs/cost.md, the enriched lead's fields in docs/lead.md and its JSON Schema, and
 * docs/redshift.sql. A test compares them.
 * Run it after a change of one of them: `npm run tables`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployedNames } from "../environments/index.ts";
import { synthesize } from "../stacks/synthesize.ts";
import { documentTables, fixedCostTable, generatedDocuments, withTables } from "./shared/document-tables.ts";

const root = join(import.meta.dirname, "..");
const outdir = mkdtempSync(join(tmpdir(), "leadwire-tables-"));
try {
  await synthesize(outdir);
  const stackOf = (name: string) =>
    JSON.parse(readFileSync(join(outdir, "stacks", `leadwire-${name}`, "cdk.tf.json"), "utf8"));
  const stacks = Object.fromEntries(deployedNames.map((name) => [name, stackOf(name)]));
  const tablesOfStacks = { "docs/cost.md": { "fixed cost": fixedCostTable(stacks) } };
  for (const [file, tables] of [...Object.entries(documentTables), ...Object.entries(tablesOfStacks)]) {
    const path = join(root, file);
    writeFileSync(path, withTables(readFileSync(path, "utf8"), tables));
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
for (const [file, text] of Object.entries(generatedDocuments)) writeFileSync(join(root, file), text);
