import Table from "cli-table3";

type Cell = string | number;

const borders = ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"];
const lines = [...borders, "left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"];
const chars = Object.fromEntries(lines.map((name) => [name, ""]));

/** Numbers have English separators; below 10 they have up to two decimals, else none. */
const shown = (cell: Cell) =>
  typeof cell === "string" ? cell : cell.toLocaleString("en", { maximumFractionDigits: Math.abs(cell) < 10 ? 2 : 0 });

/**
 * A table in plain text without lines, two spaces between its columns. Numbers are aligned to the right.
 * @param indent spaces before every row; 0 by default
 */
export function textTable(rows: readonly (readonly Cell[])[], indent = 0): string {
  const table = new Table({ chars, style: { "padding-left": 0, "padding-right": 2 } });
  const aligned = (cell: Cell) =>
    ({ content: shown(cell), hAlign: typeof cell === "number" ? "right" : "left" }) as const;
  table.push(...rows.map((row) => row.map(aligned)));
  const text = table.toString().split("\n");
  return text.map((line) => `${" ".repeat(indent)}${line}`.trimEnd()).join("\n");
}
