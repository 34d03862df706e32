import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { eachRecord } from "../runtime/batch.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metric } from "../runtime/names.ts";
import { correlationIdOf } from "../runtime/object-created.ts";
import { createEnrichRecord, type EnrichPorts } from "./enrich-record.ts";

/** Turns raw objects into enriched ones. Rejected leads are dead-lettered; whatever else fails is retried. */
export function makeHandler(ports: EnrichPorts) {
  const { log, meter } = ports;
  const enrichRecord = createEnrichRecord(ports);

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
