import { readFileSync } from "node:fs";
import { plot } from "@observablehq/plot";
import { encode } from "html-entities";
import { parseHTML } from "linkedom";
import type { Database, Result } from "../database.ts";
import { textOf } from "../output.ts";
import { type Days, namedQueries } from "../queries.ts";
import { plots } from "./plots.ts";

const template = readFileSync(new URL("page.html", import.meta.url), "utf8");
const { document } = parseHTML("<html></html>");
const shared = { document, width: 900, marginLeft: 220, marginRight: 110, marginBottom: 40 };

/**
 * The report: one HTML file that loads nothing, the same for the same objects and days.
 * @throws QueryError
 */
export async function reportPage(database: Database, days: Days): Promise<string> {
  const sections: string[] = [];
  for (const [query, options] of Object.entries(plots))
    for (const { meaning, sql } of namedQueries.filter(({ name }) => name === query))
      sections.push(section(meaning.replace(/\.$/, ""), options, await database.query(sql(days))));
  return template.replace("<!-- sections -->", () => sections.join("\n"));
}

function section(title: string, options: (typeof plots)[string], { columns, rows }: Result): string {
  if (rows.length === 0) return `<h2>${encode(title)}</h2><p>There are none.</p>`;
  const named = rows.map((cells) => ({
    ...Object.fromEntries(cells.map((cell, index) => [columns[index], cell])),
    name: cells.filter((cell) => typeof cell === "string").join(" · "),
  }));
  const drawing = plot({ ...shared, ariaLabel: title, ...options(named) }).outerHTML;
  const lines = [columns, ...rows].map((row) => row.map((cell) => `<td>${encode(textOf(cell))}</td>`).join(""));
  const table = `<table>\n<tr>${lines.join("</tr>\n<tr>")}</tr>\n</table>`;
  return `<h2>${encode(title)}</h2>${drawing}<details><summary>Table</summary>${table}</details>`;
}
