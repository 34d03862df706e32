/**
 * Writes what comes from code in the documentation: knobs and settings in docs/tuning.md, alarms in README.md, the enriched
 * lead's fields in docs/lead.md and its JSON Schema. A test compares them. Run it after a change of a knob, a setting, an alarm
 * or the enriched lead: `npm run tables`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentTables, generatedDocuments, withTables } from "./shared/document-tables.ts";

const root = join(import.meta.dirname, "..");
for (const [file, tables] of Object.entries(documentTables)) {
  const path = join(root, file);
  writeFileSync(path, withTables(readFileSync(path, "utf8"), tables));
}
for (const [file, text] of Object.entries(generatedDocuments)) writeFileSync(join(root, file), text);
