import type { APIGatewayProxyEventV2 as Request, APIGatewayProxyStructuredResultV2 as Response } from "aws-lambda";
import { rawKey, webhookLeadId } from "../lead/lead-id.ts";
import { leadsInBody, leadText } from "../lead/raw-lead.ts";
import { RejectedError } from "../lead/rejection.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metadata, Metric, type SourceSettings } from "../runtime/names.ts";
import type { Log, Meter } from "../runtime/telemetry.ts";
import { accepted, badRequest, type StoredLead, unauthorized, unavailable, unknownSource } from "./responses.ts";
import { BadSignatureError, verifyStandardWebhook } from "./signature.ts";

export interface IngestPorts {
  readonly sources: Readonly<Record<string, SourceSettings>>;
  readonly secret: (parameter: string) => Promise<string>;
  readonly store: Pick<LeadStore, "writeOnce">;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
}

/** Takes a source's request, checks its signature and stores each of its leads once: a 2xx means all are stored. */
export function makeHandler({ sources, secret, store, log, meter, now }: IngestPorts) {
  const storeLead = async (source: string, eventId: string, json: string, index: number): Promise<StoredLead> => {
    const correlationId = webhookLeadId(source, eventId, index);
    const status = await store.writeOnce(rawKey(correlationId), json, {
      [Metadata.correlationId]: correlationId,
      [Metadata.source]: source,
      [Metadata.receivedAt]: now().toISOString(),
    });
    log.info("lead ingested", { correlationId, source, status });
    if (status === "stored") meter.count(Metric.leadsIngested, 1);
    return { key: rawKey(correlationId), status };
  };

  return async (request: Request): Promise<Response> => {
    const source = request.pathParameters?.source ?? "";
    const settings = Object.hasOwn(sources, source) ? sources[source] : undefined;
    if (!settings) return unknownSource();
    const body = Buffer.from(request.body ?? "", request.isBase64Encoded ? "base64" : "utf8");
    try {
      const eventId = verifyStandardWebhook(await secret(settings.secretParameter), request.headers, body);
      const leads = leadsInBody(body).map(leadText);
      const stored = await Promise.allSettled(leads.map((json, index) => storeLead(source, eventId, json, index)));
      const broken = stored.find((result) => result.status === "rejected");
      if (broken) throw broken.reason;
      return accepted(stored.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));
    } catch (error) {
      log[error instanceof RejectedError || error instanceof BadSignatureError ? "warn" : "error"](
        "request not accepted",
        { source, requestId: request.requestContext.requestId, ...loggable(error) },
      );
      if (error instanceof BadSignatureError) return unauthorized(error.code, error.message);
      if (error instanceof RejectedError) return badRequest(error.code, error.message);
      return unavailable();
    } finally {
      meter.flush();
    }
  };
}
