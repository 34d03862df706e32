/** Webhooks that come at once to prod's cold functions: how many are answered 503 because SSM throttles the reads of secrets. */
import { prod } from "../environments/prod.ts";
import { simulateLoad } from "../simulator/load/simulate-load.ts";
import { printTable } from "./shared/print-table.ts";

export async function run({ webhooks }: { readonly webhooks: number }): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const secretsHighThroughput of [true, false]) {
    const result = await simulateLoad({ ...prod, secretsHighThroughput }, { burst: webhooks });
    const { unavailable, secondsToDrain, unannounced } = result;
    rows.push([String(secretsHighThroughput), unavailable, secondsToDrain, unannounced]);
  }
  printTable(
    `${webhooks} webhooks at once, on cold functions`,
    ["secretsHighThroughput", "answered 503 at first", "time to drain (s)", "not announced"],
    rows,
  );
}
