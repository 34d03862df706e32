import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { enrichedKey, isFile, isSmokeTest, memberLeadId, sourceOf } from "../lead/lead-id.ts";
import { leadInObject, type RawLead } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded, mapLimited } from "../runtime/concurrency.ts";
import { createDeadLetter, createDeadLetterIfRejected, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import { failureOf, retryAfterOf } from "../runtime/failures.ts";
import type { LeadStore, StoredObject } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metadata, Metric } from "../runtime/names.ts";
import { correlationIdOf, createdObject, leadIdOf } from "../runtime/object-created.ts";
import { byReceives, oneByOne } from "../runtime/one-by-one.ts";
import { asQueueMessage, type OwnQueue, type QueueMessage } from "../runtime/own-queue.ts";
import { type Failed, noTime, type Postpone } from "../runtime/postpone.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import { changeReason, leadsInFile } from "../sources/leads-in-body.ts";
import type { Reader } from "../sources/reading.ts";
import type { FilledSettings } from "../sources/settings.ts";
import type { DomainKind } from "./email-domains.ts";
import type { enrichLead } from "./enrich-lead.ts";
import { receivedAtOf } from "./received-at.ts";

export interface EnrichPorts extends Telemetry {
  readonly store: LeadStore;
  /** Loads the enrichment. It is called while the first object is being read, so that neither waits for the other. */
  readonly loadEnrichment: () => Promise<{ readonly enrichLead: typeof enrichLead }>;
  /** The reader of a format's leads, or the general reader for no format or an unknown one. */
  readonly readerOf: (format: string | undefined) => Promise<Reader>;
  /** The settings of a source; undefined for files, and for a source that the environment does not have any more. */
  readonly settingsOf: (source: string) => Promise<FilledSettings | undefined>;
  /** Fetches the record that a raw lead names; the raw lead itself where events are complete. */
  readonly fetchedLead: (event: RawLead, id: string, format: string | undefined) => Promise<RawLead>;
  readonly domainKind: (domain: string) => Promise<DomainKind>;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly postpone: Postpone;
  readonly queue: Pick<OwnQueue, "delete" | "retryAfter">;
  /** ISO 3166-1 alpha-2; undefined when phone numbers without a country code are not to be guessed. */
  readonly defaultCountry: string | undefined;
  readonly now: () => Date;
}

/** Leads of an invocation that are enriched and stored at the same time. */
const leadsAtOnce = 50;

/**
 * Turns raw objects into enriched ones. Rejected leads are dead-lettered. When a service is unavailable, the message is
 * postponed. What fails for another reason is received again: Lambda deletes the messages of a batch but for those that the
 * answer names. Messages that were received before come first, one by one, because an invocation can have died of one of them.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function makeHandler(ports: EnrichPorts) {
  const { postpone, meter, now } = ports;
  const attempt = createAttempt(ports);

  return async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const milliseconds = context.getRemainingTimeInMillis();
    // What is begun later might not end in time.
    const halfTime = now().getTime() + milliseconds / 2;
    const { again, fresh } = byReceives(event.Records.map(asQueueMessage));
    const leftToReceives: QueueMessage[] = [];
    const notBegun: QueueMessage[] = [];
    /** @returns whether all of the messages are done */
    const work = async (messages: readonly QueueMessage[], atOnce: number): Promise<boolean> => {
      if (now().getTime() >= halfTime) {
        notBegun.push(...messages);
        return false;
      }
      const failed = (await Promise.all(messages.map((message) => attempt(message, atOnce)))).flat();
      leftToReceives.push(...(await postpone(failed)));
      return failed.length === 0;
    };
    await oneByOne(again, milliseconds, ports, (message) => work([message], leadsAtOnce));
    // The same share for every object, so that each one soon has a failure that ends its work while S3 does not answer.
    if (fresh.length > 0) await work(fresh, Math.max(1, Math.floor(leadsAtOnce / fresh.length)));
    leftToReceives.push(...(await postpone(notBegun.map((message) => ({ message, ...noTime })))));
    meter.flush();
    return { batchItemFailures: leftToReceives.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

/** Returns a function that enriches the leads of a message, and returns the failure if it fails. */
function createAttempt(ports: EnrichPorts) {
  const enrichObject = createObjectEnricher(ports);
  return async (message: QueueMessage, atOnce: number): Promise<Failed[]> => {
    try {
      await enrichObject(message, atOnce);
      return [];
    } catch (error) {
      return [{ message, kind: failureOf(error), cause: loggable(error), retryAfterSeconds: retryAfterOf(error) }];
    }
  };
}

/** Returns a function that enriches every lead of the raw object that a message names, some at a time. */
function createObjectEnricher(ports: EnrichPorts) {
  const { store, loadEnrichment, readerOf, settingsOf, fetchedLead, domainKind, defaultCountry, log, meter, now } =
    ports;
  const deadLetter = createDeadLetter(ports.sendToDeadLetters, ports);
  const deadLetterIfRejected = createDeadLetterIfRejected(ports.sendToDeadLetters, ports);

  const ignore = (id: string, reason: string) => {
    log.info("event ignored", { correlationId: id, source: sourceOf(id), reason });
    meter.count(Metric.eventsIgnored, 1);
  };

  const enrichOne = async (raw: RawLead, id: string, object: StoredObject, settings?: FilledSettings) => {
    const source = sourceOf(id);
    const receivedAt = receivedAtOf(object);
    const format = object.metadata[Metadata.format];
    const [{ enrichLead }, readLead, fetched] = await allEnded([
      loadEnrichment(),
      readerOf(format),
      fetchedLead(raw, id, format),
    ]);
    const { fields = {}, title: sourceTitle, crmHosts } = settings ?? {};
    const reading = readLead(fetched, { event: raw, fields });
    const isTest = object.metadata[Metadata.test] === "true" || reading.isTest === true;
    if (isTest && settings?.testLeads === "ignore") return ignore(id, "test lead");
    const about = { sourceTitle, crmHosts, isTest };
    const provenance = { id, source, receivedAt, enrichedAt: now(), defaultCountry, ...about };
    const lead = await enrichLead(reading, provenance, domainKind);
    const status = await store.writeOnce(enrichedKey(id, object.createdAt), JSON.stringify(lead), {
      [Metadata.correlationId]: id,
      [Metadata.source]: source,
      [Metadata.receivedAt]: lead.receivedAt,
    });
    log.info("lead enriched", { correlationId: id, source, status });
    if (status === "stored" && !isSmokeTest(id)) meter.count(Metric.leadsEnriched, 1);
  };

  return (record: QueueMessage, atOnce: number) =>
    deadLetterIfRejected(record, correlationIdOf(record), async () => {
      const created = createdObject(record);
      // The event rule matches root keys only. If it ever matches more, this check keeps enriched leads out of the loop.
      if (created.key.includes("/")) throw new RejectedError("NotARawLead", "Raw leads are at the bucket's root.");
      const source = sourceOf(leadIdOf(created));
      const [object, settings] = await allEnded([store.read(created), settingsOf(source), loadEnrichment()]);
      const objectId = leadIdOf({ key: created.key, etag: object.etag });
      const leads = isFile(objectId)
        ? leadsInFile(object.body)
        : [{ lead: leadInObject(object.body), isChange: false }];
      const rejected = await mapLimited(leads, atOnce, async ({ lead: raw, isChange }, index) => {
        const id = memberLeadId(objectId, index, leads.length);
        if (isChange) {
          ignore(id, changeReason);
          return [];
        }
        try {
          await enrichOne(raw, id, object, settings);
          return [];
        } catch (error) {
          if (error instanceof RejectedError) return [{ id, error }];
          throw error;
        }
      });
      // Only when all the others are stored: every attempt at a file comes upon its rejected leads again.
      await mapLimited(rejected.flat(), atOnce, ({ id, error }) => deadLetter(record, error, id));
    });
}
