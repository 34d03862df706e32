/** Looks for unproven requests that a source's door accepts, and for bodies on which it throws what it does not document. */
import { type SourceFormat, sourceFormats } from "../functions/sources/index.ts";
import { FuzzedSource } from "../tests/helpers/fuzz/unproven.ts";
import { printTable } from "./shared/print-table.ts";

export async function run({ requests, seed }: { readonly requests: number; readonly seed: number }): Promise<void> {
  const rows: [string, number, string][] = [];
  for (const format of Object.keys(sourceFormats) as SourceFormat[]) {
    const problems = (await FuzzedSource.of(format, seed)).problems(requests);
    rows.push([format, requests, problems.join("; ") || "none"]);
  }
  printTable("Unproven requests", ["format", "requests", "problems"], rows);
  const failed = rows.filter(([, , problems]) => problems !== "none").length;
  if (failed > 0) throw new Error(`${failed} formats have problems.`);
}
