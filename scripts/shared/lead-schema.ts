import { ObjectSchema, type Schema } from "yup";
import { enrichedLeadSchema } from "../../functions/lead/enriched-lead.ts";
import { outcomeSchema } from "../../functions/lead/outcome.ts";
import type { Table } from "./markdown.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

const fieldsOf = (schema: ObjectSchema<Record<string, unknown>>) =>
  Object.entries(schema.fields as Record<string, Schema>);

const isRequired = (schema: Schema) => !schema.spec.optional;

/** A schema of the enriched lead in JSON Schema. It allows more than the schema only where JSON Schema has no words for a rule. */
function jsonSchemaOf(schema: Schema): JsonSchema {
  const { meaning, json, items } = schema.meta() ?? {};
  const about = { ...(meaning && { description: meaning }), ...json };
  if (items) return { ...about, items: jsonSchemaOf(items) };
  if (!(schema instanceof ObjectSchema)) return about;
  const fields = fieldsOf(schema);
  const required = fields.filter(([, field]) => isRequired(field)).map(([name]) => name);
  return {
    ...about,
    type: "object",
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(fields.map(([name, field]) => [name, jsonSchemaOf(field)])),
  };
}

/** The JSON Schema of the enriched lead, as the text of a file. */
export const leadJsonSchema = `${JSON.stringify(
  {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Enriched lead",
    description: "What Leadwire writes under enriched/. Other fields are allowed, so that later versions can add some.",
    anyOf: [{ required: ["email"] }, { required: ["phone"] }],
    ...jsonSchemaOf(enrichedLeadSchema),
  },
  undefined,
  2,
)}\n`;

/** A row for every value of a schema. @param path where it is in the lead; empty for the lead itself */
function rowsOf(schema: Schema, path: string, there: string): string[][] {
  const { meaning = "", personal, items } = schema.meta() ?? {};
  const row = [`\`${path}\``, schema.type, there, personal ? "yes" : "", meaning];
  if (!(schema instanceof ObjectSchema)) {
    return items instanceof ObjectSchema ? [row, ...rowsOf(items, `${path}[]`, "")] : [row];
  }
  const always = path === "" ? "always" : path.endsWith("[]") ? "in each" : `with \`${path}\``;
  return fieldsOf(schema).flatMap(([name, field]) =>
    rowsOf(field, path === "" ? name : `${path}.${name}`, isRequired(field) ? always : ""),
  );
}

const heads = ["field", "value", "there", "personal", "meaning"];

/** The fields of the enriched lead. */
export const leadTable: Table = [heads, ...rowsOf(enrichedLeadSchema, "", "")];

/** The fields of an outcome. */
export const outcomeTable: Table = [heads, ...rowsOf(outcomeSchema, "", "")];
