import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { enrichedPrefix, outcomesPrefix } from "../flow.ts";
import type { Platform } from "./platform.ts";

/** Keeps the run's enriched leads and outcomes in a folder, with their keys as paths, so that `npm run query` can read them. */
export function keepObjects({ gateway }: Pick<Platform, "gateway">, folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
  gateway.on("answered", ({ call, request, answer }) => {
    const key = String(call.parameters.Key);
    const isForQueries = [enrichedPrefix, outcomesPrefix].some((prefix) => key.startsWith(prefix));
    if (call.operation !== "PutObject" || answer.status !== 200 || !isForQueries || key.includes("..")) return;
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, request.body);
  });
}
