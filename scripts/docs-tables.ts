/**
 * Writes the tables of the documentation that come from code: knobs and settings in docs/tuning.md, alarms in README.md. A
 * test compares them. Run it after a change of a knob, a setting or an alarm: `npm run tables`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentTables, withTables } from "./shared/document-tables.ts";

const root = join(import.meta.dirname, "..");
for (const [file, tables] of Object.entries(documentTables)) {
  const path = join(root, file);
  writeFileSync(path, withTables(readFileSync(path, "utf8"), tables));
}
