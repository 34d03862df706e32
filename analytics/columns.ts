import { ObjectSchema, type Schema } from "yup";
import { fieldsOf } from "../functions/lead/fields.ts";

/** The type of a value. A time is a text in ISO 8601 in the files, and a timestamp in the views. A map has text by text. */
export type ColumnType =
  | { readonly kind: "text" | "time" | "timestamp" | "integer" | "boolean" | "map" }
  | { readonly kind: "list"; readonly of: ColumnType }
  | { readonly kind: "struct"; readonly fields: readonly Column[] };

export interface Column {
  /** As in the JSON. */
  readonly name: string;
  readonly type: ColumnType;
  readonly meaning: string;
  /** Whether the value, or a part of it, says something of a person or leads to one. */
  readonly personal: boolean;
}

/** A column for every field of a schema. @throws Error for a field whose type or personal flag cannot be read */
export const columnsOf = (schema: Schema): Column[] =>
  schema instanceof ObjectSchema ? fieldsOf(schema).map(([name, field]) => columnOf(name, field)) : [];

function columnOf(name: string, schema: Schema): Column {
  const type = typeOf(name, schema);
  const { meaning = "", personal } = schema.meta() ?? {};
  if (type.kind === "struct") return { name, type, meaning, personal: type.fields.some((field) => field.personal) };
  if (personal === undefined) throw new Error(`The schema does not say whether ${name} is personal.`);
  return { name, type, meaning, personal };
}

/** Kinds by the names of JSON Schema. */
const kinds: ReadonlyMap<unknown, "text" | "integer" | "boolean" | "map"> = new Map([
  ["string", "text"],
  ["integer", "integer"],
  ["boolean", "boolean"],
  ["object", "map"],
]);

function typeOf(name: string, schema: Schema): ColumnType {
  if (schema instanceof ObjectSchema) return { kind: "struct", fields: columnsOf(schema) };
  const { items, json, isTime } = schema.meta() ?? {};
  if (items) return { kind: "list", of: typeOf(name, items) };
  if (isTime) return { kind: "time" };
  const kind = kinds.get(json?.type);
  if (kind === undefined) throw new Error(`The schema does not say what the type of ${name} is in JSON.`);
  return { kind };
}

/** The columns that say nothing of a person. An object that says something loses the fields that do. */
export const withoutPersonal = (columns: readonly Column[]): Column[] =>
  columns.flatMap((column) => {
    if (column.type.kind !== "struct") return column.personal ? [] : [column];
    const fields = withoutPersonal(column.type.fields);
    return fields.length > 0 ? [{ ...column, type: { kind: "struct", fields }, personal: false }] : [];
  });

/**
 * The words of each dialect for types. Glue's are Hive's. Its names are in lower case, and so are Trino's: both match them to the
 * JSON without regard to case, which DuckDB does not. Redshift keeps lists, objects and maps whole.
 */
const dialects = {
  glue: {
    ...{ text: "string", time: "string", timestamp: "timestamp", integer: "bigint", boolean: "boolean" },
    map: "map<string,string>",
    list: (of: string) => `array<${of}>`,
    field: (name: string, type: string) => `${name.toLowerCase()}:${type}`,
    struct: (fields: string) => `struct<${fields}>`,
  },
  trino: {
    ...{ text: "varchar", time: "varchar", timestamp: "timestamp(3)", integer: "bigint", boolean: "boolean" },
    map: "map(varchar,varchar)",
    list: (of: string) => `array(${of})`,
    field: (name: string, type: string) => `"${name.toLowerCase()}" ${type}`,
    struct: (fields: string) => `row(${fields})`,
  },
  duckdb: {
    ...{ text: "VARCHAR", time: "VARCHAR", timestamp: "TIMESTAMP", integer: "BIGINT", boolean: "BOOLEAN" },
    map: "MAP(VARCHAR, VARCHAR)",
    list: (of: string) => `${of}[]`,
    field: (name: string, type: string) => `"${name}" ${type}`,
    struct: (fields: string) => `STRUCT(${fields})`,
  },
  redshift: {
    ...{ text: "VARCHAR(MAX)", time: "TIMESTAMPTZ", timestamp: "TIMESTAMP", integer: "BIGINT", boolean: "BOOLEAN" },
    map: "SUPER",
    list: () => "SUPER",
    field: () => "",
    struct: () => "SUPER",
  },
};

/** A type in the words of a dialect, such as `struct<address:string,freemail:boolean>`. */
export function typeIn(dialect: keyof typeof dialects, type: ColumnType): string {
  const words = dialects[dialect];
  if (type.kind === "list") return words.list(typeIn(dialect, type.of));
  if (type.kind !== "struct") return words[type.kind];
  return words.struct(type.fields.map((field) => words.field(field.name, typeIn(dialect, field.type))).join(","));
}
