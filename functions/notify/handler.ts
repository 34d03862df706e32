import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { eachRecord } from "../shared/batch.ts";
import { burying, type SendToDeadLetters } from "../shared/dead-letters.ts";
import { loggable, RejectedError } from "../shared/errors.ts";
import { checkEnrichedLead, type EnrichedLead } from "../shared/lead.ts";
import { rawObjectLeadId } from "../shared/lead-id.ts";
import type { LeadStore } from "../shared/lead-store.ts";
import { createdObject } from "../shared/object-created.ts";
import type { Log, Meter } from "../shared/telemetry.ts";
import type { announcer } from "./announce.ts";

export interface NotifyPorts {
  readonly store: Pick<LeadStore, "read">;
  readonly announce: ReturnType<typeof announcer>;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
}

/** Announces each enriched lead. One that neither Slack nor email took is a batch item failure, and comes back. */
export function makeHandler({ store, announce, sendToDeadLetters, log, meter, now }: NotifyPorts) {
  const orBury = burying(sendToDeadLetters, log, meter);

  const notifyRecord = (record: SQSRecord, until: Date) =>
    orBury(record, undefined, async () => {
      const { key, etag } = createdObject(record);
      await orBury(record, rawObjectLeadId(key.slice(key.lastIndexOf("/") + 1), etag), async () => {
        const object = await store.read(key);
        await announce(readLead(object.body), object.etag, until);
      });
    });

  return async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const until = new Date(now().getTime() + context.getRemainingTimeInMillis());
    try {
      return await eachRecord(
        event,
        (record) => notifyRecord(record, until),
        ({ messageId }, error) =>
          log.error("lead not announced, it will be tried again", {
            messageId,
            ...loggable(error),
            ...(error instanceof Error && error.cause !== undefined && { cause: loggable(error.cause) }),
          }),
      );
    } finally {
      meter.flush();
    }
  };
}

function readLead(body: Uint8Array): EnrichedLead {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    throw new RejectedError("NotJson", "The enriched object is not JSON.");
  }
  return checkEnrichedLead(value);
}
