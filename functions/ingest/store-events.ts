import { rawKey, webhookLeadId } from "../lead/lead-id.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { Metadata, Metric } from "../runtime/names.ts";
import type { Log, Meter } from "../runtime/telemetry.ts";
import type { SourceEvent } from "../sources/door.ts";
import type { SourceFormat } from "../sources/index.ts";
import type { StoredLead } from "./responses.ts";

export interface StoreEventsPorts {
  readonly store: Pick<LeadStore, "writeOnce">;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
}

/** Stores each lead of a request once, and logs what is ignored. */
export type StoreEvents = (
  source: string,
  format: SourceFormat,
  events: readonly SourceEvent[],
) => Promise<readonly StoredLead[]>;

/**
 * A StoreEvents on a lead store. It waits for every write before it fails, so that no write goes on after the answer.
 * @throws the first error of the writes
 */
export function createStoreEvents({ store, log, meter, now }: StoreEventsPorts): StoreEvents {
  const storeLead = async (
    source: string,
    format: SourceFormat,
    { identity, json }: Extract<SourceEvent, { kind: "lead" }>,
  ): Promise<StoredLead> => {
    const correlationId = webhookLeadId(source, ...identity);
    const status = await store.writeOnce(rawKey(correlationId), json, {
      [Metadata.correlationId]: correlationId,
      [Metadata.source]: source,
      [Metadata.format]: format,
      [Metadata.receivedAt]: now().toISOString(),
    });
    log.info("lead ingested", { correlationId, source, status });
    if (status === "stored") meter.count(Metric.leadsIngested, 1);
    return { key: rawKey(correlationId), status };
  };

  return async (source, format, events) => {
    const stored = await Promise.allSettled(
      events.flatMap((event) => {
        if (event.kind === "lead") return [storeLead(source, format, event)];
        log.info("event ignored", { source, reason: event.reason });
        return [];
      }),
    );
    return stored.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
  };
}
