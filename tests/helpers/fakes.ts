import { RejectedError } from "../../functions/lead/rejection.ts";
import type { LeadStore, StoredObject } from "../../functions/runtime/lead-store.ts";
import type { Log, Meter } from "../../functions/runtime/telemetry.ts";

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly context: Record<string, unknown>;
}

/** A Log that remembers its lines. */
export function recordedLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine["level"]) => (message: string, context: Record<string, unknown>) => {
    lines.push({ level, message, context });
  };
  return { lines, info: at("info"), warn: at("warn"), error: at("error") };
}

/** A Meter that adds up; `flushed` counts how often it was told to write. */
export function recordedMeter() {
  const meter = {
    counts: {} as Record<string, number>,
    notifications: [] as { channel: string; milliseconds: number }[],
    flushed: 0,
    count(name: string, value: number) {
      meter.counts[name] = (meter.counts[name] ?? 0) + value;
    },
    /** The highest value of each name. */
    highest: {} as Record<string, number>,
    seconds(name: string, value: number) {
      meter.highest[name] = Math.max(value, meter.highest[name] ?? 0);
    },
    notified(channel: string, milliseconds: number) {
      meter.notifications.push({ channel, milliseconds });
    },
    flush() {
      meter.flushed += 1;
    },
  };
  return meter satisfies Meter;
}

/** A LeadStore in memory. */
export function memoryStore(objects: Record<string, Partial<StoredObject> & { text: string }> = {}) {
  const all = new Map<string, StoredObject>();
  const set = (key: string, text: string, rest: Partial<StoredObject> = {}) =>
    all.set(key, {
      body: Buffer.from(text),
      etag: '"e1"',
      createdAt: new Date("2026-03-01T12:00:00.000Z"),
      metadata: {},
      ...rest,
    });
  for (const [key, { text, ...rest }] of Object.entries(objects)) set(key, text, rest);
  const store: LeadStore = {
    async read({ key }) {
      const found = all.get(key);
      if (!found) throw new RejectedError("ObjectGone", "It is no longer there.");
      return found;
    },
    find: async (key) => all.get(key),
    async writeOnce(key, json, metadata) {
      if (all.has(key)) return "duplicate";
      set(key, json, { metadata });
      return "stored";
    },
  };
  return { ...store, all, json: (key: string) => JSON.parse(Buffer.from(all.get(key)?.body ?? []).toString("utf8")) };
}

/** An answer of AWS that is an error, as the SDK throws it. */
export const awsError = (name: string, httpStatusCode: number, message = `${name} for jane.roe@example.com`) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode, requestId: "aws-request-1" } });
