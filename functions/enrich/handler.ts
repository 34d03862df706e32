import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { EnrichedLead } from "../lead/enriched-lead.ts";
import { enrichedKey, isFile, isSmokeTest, keyInMetadata, sourceOf } from "../lead/lead-id.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded, mapLimited } from "../runtime/concurrency.ts";
import { createDeadLetter, createDeadLetterIfRejected, type SendToDeadLetters } from "../runtime/dead-letters.ts";
import type { LeadStore, StoredObject } from "../runtime/lead-store.ts";
import { Metadata, Metric } from "../runtime/names.ts";
import { createdObject, leadIdOf } from "../runtime/object-created.ts";
import { byReceives, oneByOne } from "../runtime/one-by-one.ts";
import type { OutcomeWriter } from "../runtime/outcomes.ts";
import { asQueueMessage, type OwnQueue, type QueueMessage } from "../runtime/own-queue.ts";
import { type Failed, failedBy, noTime, type Postpone } from "../runtime/postpone.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { FilledSettings } from "../sources/settings.ts";
import { createOutcomeOf, leadsInObject, type OutcomePorts, testLead } from "./leads-in-object.ts";
import { receivedAtOf } from "./received-at.ts";

export interface EnrichPorts extends Telemetry, OutcomePorts {
  readonly store: LeadStore;
  /** The settings of a source; undefined for files, and for a source that the environment does not have any more. */
  readonly settingsOf: (source: string) => Promise<FilledSettings | undefined>;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly postpone: Postpone;
  readonly outcomes: OutcomeWriter;
  readonly queue: Pick<OwnQueue, "delete" | "retryAfter">;
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
  const { postpone, outcomes, meter, now } = ports;
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
    await outcomes.write();
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
      return [failedBy(error, message)];
    }
  };
}

/** Returns a function that enriches every lead of the raw object that a message names, some at a time. */
function createObjectEnricher(ports: EnrichPorts) {
  const { store, loadEnrichment, settingsOf, outcomes, log, meter, now } = ports;
  const outcomeOf = createOutcomeOf(ports);
  const deadLetter = createDeadLetter(ports.sendToDeadLetters, ports);
  const deadLetterIfRejected = createDeadLetterIfRejected(ports.sendToDeadLetters, ports);

  const storeLead = async (lead: EnrichedLead, { createdAt }: StoredObject, key: string) => {
    const { id, source, receivedAt } = lead;
    const status = await store.writeOnce(enrichedKey(id, createdAt), JSON.stringify(lead), {
      [Metadata.correlationId]: id,
      [Metadata.source]: source,
      [Metadata.receivedAt]: receivedAt,
      ...(isFile(id) && { [Metadata.rawKey]: keyInMetadata.write(key) }),
    });
    log.info("lead enriched", { correlationId: id, source, status });
    if (status === "stored" && !isSmokeTest(id)) meter.count(Metric.leadsEnriched, 1);
  };

  const ignore = (id: string, reason: string, object: StoredObject) => {
    log.info("event ignored", { correlationId: id, source: sourceOf(id), reason });
    meter.count(Metric.eventsIgnored, 1);
    const times = { at: now().getTime(), receivedAt: receivedAtOf(object).toISOString() };
    outcomes.add([{ id, outcome: "ignored", ...times, reason, ...(reason === testLead && { test: true }) }]);
  };

  return (record: QueueMessage, atOnce: number) =>
    deadLetterIfRejected(record, async () => {
      const created = createdObject(record);
      // The event rule matches root keys only. If it ever matches more, this check keeps enriched leads out of the loop.
      if (created.key.includes("/")) throw new RejectedError("NotARawLead", "Raw leads are at the bucket's root.");
      const named = leadIdOf(created);
      const [object, settings] = await allEnded([store.read(created), settingsOf(sourceOf(named)), loadEnrichment()]);
      const objectId = isFile(named) ? leadIdOf({ key: created.key, etag: object.etag }) : named;
      const others = await mapLimited(leadsInObject(object, objectId), atOnce, async (lead) => {
        const { id } = lead;
        const outcome = await outcomeOf(lead, object, settings);
        if (!("lead" in outcome)) return [{ id, ...outcome }];
        await storeLead(outcome.lead, object, created.key);
        return [];
      });
      // Only when all leads are stored: every attempt at a file comes upon its other ones again.
      await mapLimited(others.flat(), atOnce, async (other) => {
        if ("rejected" in other) await deadLetter(record, other.rejected, other.id);
        else ignore(other.id, other.ignored, object);
      });
    });
}
