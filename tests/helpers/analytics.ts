import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { enrichedPrefix, outcomesPrefix } from "../../flow.ts";
import type { EnrichedLead } from "../../functions/lead/enriched-lead.ts";
import type { LeadOutcome } from "../../functions/lead/outcome.ts";
import { tempFolder } from "./temp-folder.ts";

/** Objects of a bucket, each with the day in its key. */
export interface Objects {
  readonly leads: readonly (EnrichedLead & { readonly dt: string })[];
  readonly outcomes: readonly (LeadOutcome & { readonly dt: string })[];
}

/** A folder with objects as in the bucket: one for each lead, and one for each list of outcomes. */
export function objectsFolder(leads: readonly object[], outcomes: readonly (readonly LeadOutcome[])[] = []): string {
  const folder = tempFolder();
  const write = (prefix: string, day: string, name: string, lines: readonly object[]) => {
    const path = join(folder, prefix, `dt=${day.slice(0, 10)}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, `${name}.json`), lines.map((line) => JSON.stringify(line)).join("\n"));
  };
  for (const [index, lead] of leads.entries()) {
    const { enrichedAt } = lead as EnrichedLead;
    write(enrichedPrefix, enrichedAt, `lead-${index}`, [lead]);
  }
  for (const [index, lines] of outcomes.entries())
    write(outcomesPrefix, lines[0]?.happenedAt ?? "", `outcome-${index}`, lines);
  return folder;
}

/** The objects in a folder, read without DuckDB. */
export function objectsIn(folder: string): Objects {
  const read = (prefix: string) =>
    globSync(`${prefix}dt=*/*.json`, { cwd: folder }).flatMap((path) =>
      readFileSync(join(folder, path), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => ({ ...JSON.parse(line), dt: /dt=([\d-]+)/.exec(path)?.[1] })),
    );
  return { leads: read(enrichedPrefix), outcomes: read(outcomesPrefix) };
}
