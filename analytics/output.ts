import { textTable } from "../command-line/table.ts";
import type { Cell, Result } from "./database.ts";

/** A cell as text. Lists and objects are in JSON; nothing is the empty text. */
export const textOf = (cell: Cell) =>
  typeof cell === "object" ? (cell === null ? "" : JSON.stringify(cell)) : String(cell);

/**
 * A cell of a CSV file. Spreadsheets run a text that begins like a formula, so it gets an apostrophe before it.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function csvCell(cell: Cell): string {
  const plain = textOf(cell);
  const safe = typeof cell !== "number" && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Results as text: a table for people, CSV with a line of names (RFC 4180), or a JSON list of objects. */
export const formats = {
  table: ({ columns, rows }: Result) =>
    textTable([columns, ...rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell : textOf(cell))))]),
  csv: ({ columns, rows }: Result) => [columns, ...rows].map((row) => row.map(csvCell).join()).join("\n"),
  json: ({ columns, rows }: Result) =>
    JSON.stringify(rows.map((row) => Object.fromEntries(row.map((cell, index) => [columns[index], cell])))),
};
export const formatNames = Object.keys(formats) as (keyof typeof formats)[];
