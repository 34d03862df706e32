/** Rows of a Markdown table, the header first. */
export type Table = readonly (readonly string[])[];

/** A Markdown table. */
export function markdownTable([header = [], ...rows]: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [header, header.map(() => "---"), ...rows].map(line).join("\n");
}

/** A code block. */
export const fenced = (lines: readonly string[]) => ["```", ...lines, "```"].join("\n");
