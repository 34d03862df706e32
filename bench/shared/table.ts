/** Prints rows as a table in plain text; numbers stand to the right. */
export function printTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const cells = [head, ...rows.map((row) => row.map(shown))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        /^[\d.,-]/.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ");
  console.log(`\n${title}\n`);
  for (const row of cells) console.log(`  ${line(row)}`.trimEnd());
}

const shown = (cell: string | number) =>
  typeof cell === "string" ? cell : cell.toLocaleString("en", { maximumFractionDigits: Math.abs(cell) < 10 ? 2 : 0 });
