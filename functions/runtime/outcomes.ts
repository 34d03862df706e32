import { hash } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { outcomesPrefix, unannouncedSuffix } from "../../flow.ts";
import { sourceOf } from "../lead/lead-id.ts";
import type { LeadOutcome } from "../lead/outcome.ts";
import type { SendToDeadLetters } from "./dead-letters.ts";
import { loggable } from "./loggable.ts";
import { Metric } from "./names.ts";
import type { Telemetry } from "./telemetry.ts";

/** What became of a lead, without what its id and its times say. */
export interface NewOutcome extends Omit<LeadOutcome, "schemaVersion" | "source" | "happenedAt" | "milliseconds"> {
  /** When it happened, in epoch milliseconds: the same for all leads of a message. */
  readonly at: number;
}

/**
 * Writes outcomes below `outcomes/`, for statistics. It is best effort: a write that fails is logged and counted, and its
 * outcomes are missing. Neither method ever throws.
 */
export interface OutcomeWriter {
  /** Adds outcomes to the next object. They must be facts already. */
  add(outcomes: readonly NewOutcome[]): void;
  /** Begins to write what was added as one object. @returns when this write and all earlier ones have ended */
  write(): Promise<void>;
}

/** Milliseconds for a write. An invocation does not end before it. */
const writeMilliseconds = 1000;

export function createOutcomeWriter(s3: S3Client, Bucket: string, { log, meter }: Telemetry): OutcomeWriter {
  const added: NewOutcome[] = [];
  const underWay = new Set<Promise<void>>();
  const put = async (outcomes: readonly NewOutcome[]) => {
    try {
      const records = outcomes.map(recordOf);
      const Body = records.map((record) => `${JSON.stringify(record)}\n`).join("");
      const input = { Bucket, Key: keyOf(records, Body), Body, ContentType: "application/json" };
      await s3.send(new PutObjectCommand(input), { abortSignal: AbortSignal.timeout(writeMilliseconds) });
    } catch (error) {
      log.warn("outcomes not written, statistics lack them", { outcomes: outcomes.length, ...loggable(error) });
      meter.count(Metric.outcomesNotWritten, outcomes.length);
    }
  };
  return {
    add(outcomes) {
      added.push(...outcomes);
    },
    async write() {
      if (added.length > 0) {
        const writing = put(added.splice(0)).finally(() => underWay.delete(writing));
        underWay.add(writing);
      }
      await Promise.all(underWay);
    },
  };
}

/**
 * The day and the time are those of the first outcome. A hash of the content tells objects of the same time apart. The key says
 * whether there are others than announcements, so that an event rule can leave out what the ledger knows.
 */
const keyOf = (records: readonly LeadOutcome[], body: string) => {
  const [day, time = ""] = records[0]?.happenedAt.split("T") ?? [];
  const suffix = records.every(({ outcome }) => outcome === "announced") ? ".json" : unannouncedSuffix;
  return `${outcomesPrefix}dt=${day}/${time.replaceAll(/\D/g, "")}-${hash("sha256", body).slice(0, 16)}${suffix}`;
};

function recordOf({ id, outcome, at, receivedAt, ...rest }: NewOutcome): LeadOutcome {
  const times = receivedAt && { receivedAt, milliseconds: Math.max(0, at - Date.parse(receivedAt)) };
  const happenedAt = new Date(at).toISOString();
  return { schemaVersion: 1, id, source: sourceOf(id), outcome, happenedAt, ...times, ...rest };
}

/** A SendToDeadLetters that adds an outcome for what was sent. A message that names no object has no lead, and no outcome. */
export function withOutcome(
  send: SendToDeadLetters,
  outcomes: Pick<OutcomeWriter, "add">,
  now: () => number,
): SendToDeadLetters {
  return async (record, rejection, id) => {
    await send(record, rejection, id);
    if (id) outcomes.add([{ id, outcome: "deadLettered", at: now(), reason: rejection.code }]);
  };
}
