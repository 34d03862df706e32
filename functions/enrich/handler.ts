import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { enrichedKey, memberLeadId, rawObjectLeadId, sourceOf } from "../lead/lead-id.ts";
import { leadsInBody, maxBodyBytes, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { eachRecord } from "../runtime/batch.ts";
import { burying, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import type { LeadStore, StoredObject } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metadata, Metric } from "../runtime/names.ts";
import { correlationIdOf, createdObject } from "../runtime/object-created.ts";
import type { Log, Meter } from "../runtime/telemetry.ts";
import type { DomainKind } from "./email-domains.ts";
import type { enrichLead } from "./enrich-lead.ts";
import { receivedAtOf } from "./received-at.ts";

export interface EnrichPorts {
  readonly store: LeadStore;
  /** Loads what enriches; it is asked for while the first object is on its way, so that neither waits for the other. */
  readonly loadEnrichment: () => Promise<{ readonly enrichLead: typeof enrichLead }>;
  readonly domainKind: (domain: string) => Promise<DomainKind>;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly defaultCountry: string | undefined;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
}

/** Turns each raw object into enriched ones. A lead that can never pass goes to the dead letters at once. */
export function makeHandler({
  store,
  loadEnrichment,
  domainKind,
  sendToDeadLetters,
  defaultCountry,
  log,
  meter,
  now,
}: EnrichPorts) {
  const orBury = burying(sendToDeadLetters, log, meter);

  const enrichOne = async (raw: RawLead, id: string, object: StoredObject) => {
    const source = sourceOf(id);
    const receivedAt = receivedAtOf(object);
    const { enrichLead } = await loadEnrichment();
    const lead = await enrichLead(raw, { id, source, receivedAt, enrichedAt: now(), defaultCountry }, domainKind);
    const status = await store.writeOnce(enrichedKey(id, object.createdAt), JSON.stringify(lead), {
      [Metadata.correlationId]: id,
      [Metadata.source]: source,
      [Metadata.receivedAt]: lead.receivedAt,
    });
    log.info("lead enriched", { correlationId: id, source, status });
    if (status === "stored") meter.count(Metric.leadsEnriched, 1);
  };

  const enrichRecord = (record: SQSRecord) =>
    orBury(record, undefined, async () => {
      const { key, etag, size } = createdObject(record);
      const objectId = rawObjectLeadId(key, etag);
      await orBury(record, objectId, async () => {
        // The rule passes on root keys alone. Should it ever pass on more, this is what keeps enriched leads from going round.
        if (key.includes("/")) throw new RejectedError("NotARawLead", "Raw leads are at the bucket's root.");
        if (size > maxBodyBytes) {
          throw new RejectedError("TooLarge", `The object has ${size} bytes; at most ${maxBodyBytes} are taken.`);
        }
        const [object] = await Promise.all([store.read(key), loadEnrichment()]);
        const leads = leadsInBody(object.body);
        await Promise.all(
          leads.map((raw, index) => {
            const id = memberLeadId(objectId, index, leads.length);
            return orBury(record, id, () => enrichOne(raw, id, object));
          }),
        );
      });
    });

  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    try {
      return await eachRecord(event, enrichRecord, (record, error) => {
        log.error("lead not enriched, it will be tried again", {
          correlationId: correlationIdOf(record),
          messageId: record.messageId,
          ...loggable(error),
        });
        meter.count(Metric.leadsRetried, 1);
      });
    } finally {
      meter.flush();
    }
  };
}
