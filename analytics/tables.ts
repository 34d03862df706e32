import type { Schema } from "yup";
import { enrichedPrefix, outcomesPrefix } from "../flow.ts";
import { enrichedLeadSchema } from "../functions/lead/enriched-lead.ts";
import { outcomeSchema } from "../functions/lead/outcome.ts";
import { type Column, columnsOf } from "./columns.ts";

/** A table over the objects below a prefix of the bucket, each line one JSON object. */
export interface Table {
  readonly name: "enriched" | "outcomes";
  readonly meaning: string;
  readonly prefix: string;
  readonly columns: readonly Column[];
}

/** The column that is in the objects' keys and not in their lines: the day on which they were written, such as 2026-11-27. */
export const partition = "dt";

const table = (name: Table["name"], prefix: string, schema: Schema, meaning: string): Table => ({
  name,
  meaning,
  prefix,
  columns: columnsOf(schema),
});

/** The tables. Their columns are all fields of the schemas, so leads of every version can be read together. */
export const tables: readonly Table[] = [
  table("enriched", enrichedPrefix, enrichedLeadSchema, "Enriched leads as they are in the files, test leads too."),
  table("outcomes", outcomesPrefix, outcomeSchema, "Outcomes of leads as they are in the files, of test leads too."),
];
