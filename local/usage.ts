import { billedUnits, type LeadsUsage } from "../cost/per-lead.ts";
import type { Platform } from "./platform.ts";

/** Starts to count what AWS would bill. @returns reads what was used until now */
export function meterUsage({ gateway, logs }: Pick<Platform, "gateway" | "logs">): () => Omit<LeadsUsage, "leads"> {
  const calls = new Map<string, number>();
  let invocations = 0;
  let gbSeconds = 0;
  let logBytes = 0;
  gateway.on("answered", ({ call: { service, operation, parameters } }) => {
    const name = `${service}:${operation}`;
    calls.set(name, (calls.get(name) ?? 0) + billedUnits(name, parameters));
  });
  logs.on("line", ({ line }) => {
    logBytes += Buffer.byteLength(line);
    const report = line.includes('"platform.report"') ? JSON.parse(line).record.metrics : undefined;
    if (!report) return;
    invocations += 1;
    gbSeconds += (report.billedDurationMs / 1000) * (report.memorySizeMB / 1024);
  });
  return () => ({ calls: new Map(calls), invocations, gbSeconds, logBytes });
}
