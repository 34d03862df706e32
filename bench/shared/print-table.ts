import { textTable } from "../../command-line/table.ts";

/** Prints a table with a title. */
export function printTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  console.log(`\n${title}\n\n${textTable([head, ...rows], 2)}`);
}
