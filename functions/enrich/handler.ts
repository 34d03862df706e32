import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { enrichedKey, isFile, memberLeadId, sourceOf } from "../lead/lead-id.ts";
import { leadInObject, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded, mapLimited } from "../runtime/concurrency.ts";
import { createDeadLetterIfRejected, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import type { LeadStore, StoredObject } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metadata, Metric } from "../runtime/names.ts";
import { correlationIdOf, createdObject, leadIdOf } from "../runtime/object-created.ts";
import { byReceives, logNotBegun, oneByOne } from "../runtime/one-by-one.ts";
import { asQueueMessage, type OwnQueue, type QueueMessage } from "../runtime/own-queue.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { Reader } from "../sources/general-reader.ts";
import { leadsInBody } from "../sources/leads-in-body.ts";
import type { DomainKind } from "./email-domains.ts";
import type { enrichLead } from "./enrich-lead.ts";
import { receivedAtOf } from "./received-at.ts";

export interface EnrichPorts extends Telemetry {
  readonly store: LeadStore;
  /** Loads the enrichment. It is called while the first object is being read, so that neither waits for the other. */
  readonly loadEnrichment: () => Promise<{ readonly enrichLead: typeof enrichLead }>;
  /** The reader of a format's leads, or the general reader for no format or an unknown one. */
  readonly readerOf: (format: string | undefined) => Promise<Reader>;
  /** Fetches the record that a raw lead names; the raw lead itself where events are complete. */
  readonly fetchedLead: (event: RawLead, id: string, format: string | undefined) => Promise<RawLead>;
  readonly domainKind: (domain: string) => Promise<DomainKind>;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly queue: Pick<OwnQueue, "delete" | "retryAfter">;
  /** ISO 3166-1 alpha-2; undefined when phone numbers without a country code are not to be guessed. */
  readonly defaultCountry: string | undefined;
  readonly now: () => Date;
}

/** Leads of an invocation that are enriched and stored at the same time. */
const leadsAtOnce = 50;

/**
 * Turns raw objects into enriched ones. Rejected leads are dead-lettered; whatever else fails is retried: Lambda deletes the
 * messages of a batch but for those that the answer names. Messages that were received before come first, one by one, because
 * an invocation can have died of one of them.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function makeHandler(ports: EnrichPorts) {
  const { log, meter, now } = ports;
  const enrichObject = createObjectEnricher(ports);

  const isEnriched = async (message: QueueMessage, atOnce: number): Promise<boolean> => {
    try {
      await enrichObject(message, atOnce);
      return true;
    } catch (error) {
      const { messageId } = message;
      const context = { correlationId: correlationIdOf(message), messageId, ...loggable(error) };
      log.error("lead not enriched, it will be tried again", context);
      meter.count(Metric.leadsRetried, 1);
      return false;
    }
  };
  return async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const milliseconds = context.getRemainingTimeInMillis();
    // What is begun later might not end in time.
    const halfTime = now().getTime() + milliseconds / 2;
    const { again, fresh } = byReceives(event.Records.map(asQueueMessage));
    const done = new Set<string>();
    const work = async (message: QueueMessage, atOnce: number) => {
      if (now().getTime() >= halfTime) {
        logNotBegun(log, [message]);
        return false;
      }
      const isDone = await isEnriched(message, atOnce);
      if (isDone) done.add(message.messageId);
      return isDone;
    };
    await oneByOne(again, milliseconds, ports, (message) => work(message, leadsAtOnce));
    // The same share for every object, so that each one soon has a failure that ends its work while S3 does not answer.
    const atOnce = Math.max(1, Math.floor(leadsAtOnce / fresh.length));
    await Promise.all(fresh.map((message) => work(message, atOnce)));
    meter.flush();
    const failed = event.Records.filter(({ messageId }) => !done.has(messageId));
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

/** Returns a function that enriches every lead of the raw object that a message names, some at a time. */
function createObjectEnricher(ports: EnrichPorts) {
  const { store, loadEnrichment, readerOf, fetchedLead, domainKind, defaultCountry, log, meter, now } = ports;
  const deadLetterIfRejected = createDeadLetterIfRejected(ports.sendToDeadLetters, ports);

  const enrichOne = async (raw: RawLead, id: string, object: StoredObject) => {
    const source = sourceOf(id);
    const receivedAt = receivedAtOf(object);
    const format = object.metadata[Metadata.format];
    const [{ enrichLead }, readLead, fetched] = await allEnded([
      loadEnrichment(),
      readerOf(format),
      fetchedLead(raw, id, format),
    ]);
    const provenance = { id, source, receivedAt, enrichedAt: now(), defaultCountry };
    const lead = await enrichLead(readLead(fetched, raw), provenance, domainKind);
    const status = await store.writeOnce(enrichedKey(id, object.createdAt), JSON.stringify(lead), {
      [Metadata.correlationId]: id,
      [Metadata.source]: source,
      [Metadata.receivedAt]: lead.receivedAt,
    });
    log.info("lead enriched", { correlationId: id, source, status });
    if (status === "stored") meter.count(Metric.leadsEnriched, 1);
  };

  return (record: QueueMessage, atOnce: number) =>
    deadLetterIfRejected(record, correlationIdOf(record), async () => {
      const created = createdObject(record);
      // The event rule matches root keys only. If it ever matches more, this check keeps enriched leads out of the loop.
      if (created.key.includes("/")) throw new RejectedError("NotARawLead", "Raw leads are at the bucket's root.");
      const [object] = await allEnded([store.read(created), loadEnrichment()]);
      const objectId = leadIdOf({ key: created.key, etag: object.etag });
      const leads = isFile(objectId) ? leadsInBody(object.body).map(({ lead }) => lead) : [leadInObject(object.body)];
      await mapLimited(leads, atOnce, (raw, index) => {
        const id = memberLeadId(objectId, index, leads.length);
        return deadLetterIfRejected(record, id, () => enrichOne(raw, id, object));
      });
    });
}
