import type { APIGatewayProxyEventV2 as Request, APIGatewayProxyStructuredResultV2 as Response } from "aws-lambda";
import { rawKey, webhookLeadId } from "../lead/lead-id.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded, mapLimited, mapValuesEnded } from "../runtime/concurrency.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metadata, Metric } from "../runtime/names.ts";
import { withRotatedSecrets } from "../runtime/rotated-secrets.ts";
import type { ReadSecret } from "../runtime/secrets.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import {
  type Door,
  type DoorContext,
  type SourceEvent,
  type SourceRequest,
  UnprovenRequestError,
  UnusableSecretError,
} from "../sources/door.ts";
import type { ConfiguredSource, SourceFormat } from "../sources/index.ts";
import { accepted, failure, onlyPost, type StoredLead, sourceAnswer, unavailable, unknownSource } from "./responses.ts";

export interface IngestPorts extends Telemetry {
  readonly sources: Readonly<Record<string, ConfiguredSource>>;
  readonly openDoor: (format: SourceFormat) => Promise<Door>;
  readonly secret: ReadSecret;
  readonly store: Pick<LeadStore, "writeOnce">;
  readonly now: () => Date;
}

/** Takes a source's request, verifies it, and stores each of its leads once. A 2xx means that all of them are stored. */
export function makeHandler(ports: IngestPorts) {
  const { sources, openDoor, secret, log, meter, now } = ports;

  return async (event: Request): Promise<Response> => {
    const source = event.pathParameters?.source ?? "";
    const settings = Object.hasOwn(sources, source) ? sources[source] : undefined;
    if (!settings) return unknownSource();
    const { format } = settings;
    try {
      const request = asSourceRequest(event);
      const isGet = request.method === "GET";
      const [door, challenged] = await withRotatedSecrets(
        (maxAge) => allEnded([openDoor(format), secretsOf(settings, secret, maxAge)]),
        (error) => error instanceof UnprovenRequestError || error instanceof UnusableSecretError,
        ([door, secrets]) => {
          const context = { ...secrets, settings, now: now() };
          if (!isGet) door.verify(request, context);
          return [door, isGet ? door.challenge?.(request, context) : undefined] as const;
        },
      );
      if (isGet) return challenged ? sourceAnswer(challenged) : onlyPost();
      const leads = await storeLeads(door.split(request, { settings }), source, format, ports);
      return door.answer ? sourceAnswer(door.answer) : accepted(leads);
    } catch (error) {
      const context = { source, requestId: event.requestContext.requestId, ...loggable(error) };
      const byClient = error instanceof UnprovenRequestError || error instanceof RejectedError;
      log[byClient ? "warn" : "error"]("request not accepted", context);
      if (error instanceof UnprovenRequestError) return failure(401, error.code, error.message);
      if (error instanceof RejectedError) return failure(400, error.code, error.message);
      return unavailable();
    } finally {
      meter.flush();
    }
  };
}

/** Every value of a source's secrets. A parameter can hold several, with white space between them. */
async function secretsOf(
  { secretParameter, otherSecretParameters = {} }: ConfiguredSource,
  secret: ReadSecret,
  maxAge?: number,
): Promise<Pick<DoorContext, "secrets" | "otherSecrets">> {
  const values = async (parameter: string) => (await secret(parameter, { maxAge })).split(/\s+/).filter(Boolean);
  const [secrets, otherSecrets] = await allEnded([
    values(secretParameter),
    mapValuesEnded(otherSecretParameters, values),
  ]);
  return { secrets, otherSecrets };
}

const asSourceRequest = (event: Request): SourceRequest => ({
  method: event.requestContext.http.method,
  path: event.requestContext.http.path,
  query: event.rawQueryString,
  headers: event.headers,
  body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
});

const writesAtOnce = 50;

/**
 * Stores each lead of a request once, and logs the other events. After an error it begins no further write, and waits for
 * those that are under way.
 * @throws the first error of the writes
 */
async function storeLeads(
  events: readonly SourceEvent[],
  source: string,
  format: SourceFormat,
  { store, log, meter, now }: IngestPorts,
): Promise<StoredLead[]> {
  const stored = await mapLimited(events, writesAtOnce, async (event): Promise<StoredLead[]> => {
    if (event.kind === "ignored") {
      log.info("event ignored", { source, reason: event.reason });
      return [];
    }
    const correlationId = webhookLeadId(source, ...event.identity);
    const key = rawKey(correlationId);
    const status = await store.writeOnce(key, event.json, {
      [Metadata.correlationId]: correlationId,
      [Metadata.source]: source,
      [Metadata.format]: format,
      [Metadata.receivedAt]: now().toISOString(),
    });
    log.info("lead ingested", { correlationId, source, status });
    if (status === "stored") meter.count(Metric.leadsIngested, 1);
    return [{ key, status }];
  });
  return stored.flat();
}
