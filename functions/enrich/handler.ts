import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { enrichedKey, memberLeadId, sourceOf } from "../lead/lead-id.ts";
import { leadsInBody, maxBodyBytes, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { createDeadLetterIfRejected, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import type { LeadStore, StoredObject } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metadata, Metric } from "../runtime/names.ts";
import { correlationIdOf, createdObject, leadIdOf } from "../runtime/object-created.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { Reader } from "../sources/general-reader.ts";
import type { DomainKind } from "./email-domains.ts";
import type { enrichLead } from "./enrich-lead.ts";
import { receivedAtOf } from "./received-at.ts";

export interface EnrichPorts extends Telemetry {
  readonly store: LeadStore;
  /** Loads the enrichment. It is called while the first object is being read, so that neither waits for the other. */
  readonly loadEnrichment: () => Promise<{ readonly enrichLead: typeof enrichLead }>;
  /** The reader of a format's leads, or the general reader for no format or an unknown one. */
  readonly readerOf: (format: string | undefined) => Promise<Reader>;
  readonly domainKind: (domain: string) => Promise<DomainKind>;
  readonly sendToDeadLetters: SendToDeadLetters;
  /** ISO 3166-1 alpha-2; undefined when phone numbers without a country code are not to be guessed. */
  readonly defaultCountry: string | undefined;
  readonly now: () => Date;
}

/**
 * Turns raw objects into enriched ones. Rejected leads are dead-lettered; whatever else fails is retried: Lambda deletes the
 * messages of a batch but for those that the answer names.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function makeHandler(ports: EnrichPorts) {
  const { log, meter } = ports;
  const enrichObject = createObjectEnricher(ports);

  const failuresOf = async (record: SQSRecord): Promise<SQSBatchItemFailure[]> => {
    try {
      await enrichObject(record);
      return [];
    } catch (error) {
      const { messageId } = record;
      const context = { correlationId: correlationIdOf(record), messageId, ...loggable(error) };
      log.error("lead not enriched, it will be tried again", context);
      meter.count(Metric.leadsRetried, 1);
      return [{ itemIdentifier: messageId }];
    }
  };
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failures = await Promise.all(event.Records.map(failuresOf));
    meter.flush();
    return { batchItemFailures: failures.flat() };
  };
}

/** Returns a function that enriches every lead of the raw object that a message names. */
function createObjectEnricher(ports: EnrichPorts) {
  const { store, loadEnrichment, readerOf, domainKind, sendToDeadLetters, defaultCountry, log, meter, now } = ports;
  const deadLetterIfRejected = createDeadLetterIfRejected(sendToDeadLetters, ports);

  const enrichOne = async (raw: RawLead, id: string, object: StoredObject) => {
    const source = sourceOf(id);
    const receivedAt = receivedAtOf(object);
    const [{ enrichLead }, readLead] = await Promise.all([
      loadEnrichment(),
      readerOf(object.metadata[Metadata.format]),
    ]);
    const provenance = { id, source, receivedAt, enrichedAt: now(), defaultCountry };
    const lead = await enrichLead(readLead(raw), provenance, domainKind);
    const status = await store.writeOnce(enrichedKey(id, object.createdAt), JSON.stringify(lead), {
      [Metadata.correlationId]: id,
      [Metadata.source]: source,
      [Metadata.receivedAt]: lead.receivedAt,
    });
    log.info("lead enriched", { correlationId: id, source, status });
    if (status === "stored") meter.count(Metric.leadsEnriched, 1);
  };

  return (record: SQSRecord) =>
    deadLetterIfRejected(record, correlationIdOf(record), async () => {
      const created = createdObject(record);
      const { key, size } = created;
      // The event rule matches root keys only. If it ever matches more, this check keeps enriched leads out of the loop.
      if (key.includes("/")) throw new RejectedError("NotARawLead", "Raw leads are at the bucket's root.");
      if (size > maxBodyBytes) {
        throw new RejectedError("TooLarge", `The object has ${size} bytes; the limit is ${maxBodyBytes}.`);
      }
      const [object] = await Promise.all([store.read(key), loadEnrichment()]);
      const leads = leadsInBody(object.body);
      await Promise.all(
        leads.map((raw, index) => {
          const id = memberLeadId(leadIdOf(created), index, leads.length);
          return deadLetterIfRejected(record, id, () => enrichOne(raw, id, object));
        }),
      );
    });
}
