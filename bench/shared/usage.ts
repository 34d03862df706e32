import type { Platform } from "../../local/platform.ts";

/** What AWS would bill for a measurement. */
export interface Usage {
  /** Calls by `service:operation`. */
  readonly calls: ReadonlyMap<string, number>;
  readonly invocations: number;
  /** Billed duration times memory of all invocations; initialization counts. */
  readonly gbSeconds: number;
  /** Bytes of the functions' log lines, metrics included. */
  readonly logBytes: number;
}

/** Starts to count. @returns reads what was used until now */
export function meterUsage({ gateway, logs }: Platform): () => Usage {
  const before = new Map(gateway.counts);
  let invocations = 0;
  let gbSeconds = 0;
  let logBytes = 0;
  logs.on("line", ({ line }) => {
    logBytes += Buffer.byteLength(line);
    const report = line.includes('"platform.report"') ? JSON.parse(line).record.metrics : undefined;
    if (!report) return;
    invocations += 1;
    gbSeconds += (report.billedDurationMs / 1000) * (report.memorySizeMB / 1024);
  });
  return () => ({
    calls: new Map([...gateway.counts].map(([name, count]) => [name, count - (before.get(name) ?? 0)])),
    invocations,
    gbSeconds,
    logBytes,
  });
}
