import type { APIGatewayProxyEventV2 as Request, APIGatewayProxyStructuredResultV2 as Response } from "aws-lambda";
import { mapValues, omit } from "es-toolkit/object";
import { rawKey, smokeSource, webhookLeadId } from "../lead/lead-id.ts";
import { RejectedError } from "../lead/rejection.ts";
import { allEnded, mapLimited } from "../runtime/concurrency.ts";
import type { LeadStore } from "../runtime/lead-store.ts";
import { loggable } from "../runtime/loggable.ts";
import { Metadata, Metric } from "../runtime/names.ts";
import { withRotatedSecrets } from "../runtime/rotated-secrets.ts";
import type { Telemetry } from "../runtime/telemetry.ts";
import type { SourceDeclaration } from "../sources/declaration.ts";
import { type SourceEvent, type SourceRequest, UnprovenRequestError, UnusableSecretError } from "../sources/door.ts";
import type { SourceFormat } from "../sources/index.ts";
import type { FilledSettings } from "../sources/settings.ts";
import type { ReadSource, SourceParameters } from "../sources/source-parameters.ts";
import {
  accepted,
  failure,
  notAllowed,
  type StoredLead,
  sourceAnswer,
  unavailable,
  unknownSource,
} from "./responses.ts";

export interface IngestPorts extends Telemetry {
  /** The format of each source of the environment, by the source's name. */
  readonly sources: Readonly<Record<string, SourceFormat>>;
  readonly declarationOf: (format: SourceFormat) => SourceDeclaration;
  readonly readSource: ReadSource;
  readonly store: Pick<LeadStore, "writeOnce">;
  readonly now: () => Date;
}

/**
 * Takes a source's request, verifies it, and stores each of its leads once. A 2xx means that all of them are stored. Only the
 * door looks at the query: it can hold a secret, so it is in no log, key or answer.
 */
export function makeHandler(ports: IngestPorts) {
  const { sources, declarationOf, readSource, log, meter, now } = ports;

  return async (event: Request): Promise<Response> => {
    // A source with throttling of its own has a route without a variable, such as `POST /website`.
    const source = event.pathParameters?.source ?? event.routeKey.split("/")[1] ?? "";
    const format = Object.hasOwn(sources, source) ? sources[source] : undefined;
    if (!format) return unknownSource();
    try {
      const request = asSourceRequest(event);
      const declaration = declarationOf(format);
      const methods = ["POST", ...(declaration.answersGet ? ["GET"] : [])];
      if (!methods.includes(request.method)) return notAllowed(methods);
      const [{ door }, settings, challenged] = await withRotatedSecrets(
        (maxAge) => allEnded([declaration.door(), readSource(source, declaration.secrets, maxAge)]),
        (error) => error instanceof UnprovenRequestError || error instanceof UnusableSecretError,
        ([opened, parameters]) => {
          const context = { ...contextOf(parameters, declaration), now: now() };
          if (request.method === "GET") return [opened, context.settings, opened.door.challenge?.(request, context)];
          opened.door.verify(request, context);
          return [opened, context.settings, undefined] as const;
        },
      );
      if (challenged) return sourceAnswer(challenged);
      const events = door.split(request, { settings });
      const leads = await storeLeads(newLeads(events, source, settings, ports), source, format, ports);
      return door.answer ? sourceAnswer(door.answer) : accepted(leads);
    } catch (error) {
      const context = { source, apiRequestId: event.requestContext.requestId, ...loggable(error) };
      const byClient = error instanceof UnprovenRequestError || error instanceof RejectedError;
      log[byClient ? "warn" : "error"]("request not accepted", context);
      if (error instanceof UnprovenRequestError) {
        meter.count(Metric.signaturesRefused, 1);
        return failure(401, error.code, error.message);
      }
      if (error instanceof RejectedError) return failure(400, error.code, error.message);
      return unavailable();
    } finally {
      meter.flush();
    }
  };
}

/** What the door gets: settings, and every value of its secrets. A parameter can hold several, with white space between them. */
function contextOf({ settings, secrets }: SourceParameters, { secrets: [proof] }: SourceDeclaration) {
  const values = mapValues(secrets, (text) => text.split(/\s+/).filter(Boolean));
  return { settings, secrets: values[proof] ?? [], otherSecrets: omit(values, [proof]) };
}

const asSourceRequest = (event: Request): SourceRequest => ({
  method: event.requestContext.http.method,
  path: event.requestContext.http.path,
  query: event.rawQueryString,
  headers: event.headers,
  body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
});

type LeadEvent = Extract<SourceEvent, { readonly kind: "lead" }>;

/** The new leads among a request's events. The others are counted and logged with the reason for which they are ignored. */
function newLeads(
  events: readonly SourceEvent[],
  source: string,
  { testLeads }: FilledSettings,
  { log, meter }: IngestPorts,
): readonly LeadEvent[] {
  return events.flatMap((event) => {
    const isUnwanted = event.kind === "lead" && event.isTest && testLeads === "ignore";
    if (event.kind === "lead" && !isUnwanted) return [event];
    log.info("event ignored", { source, reason: event.kind === "lead" ? "test lead" : event.reason });
    meter.count(Metric.eventsIgnored, 1);
    return [];
  });
}

const writesAtOnce = 50;

/**
 * Stores each lead of a request once. The leads of smoke tests are tests, whatever they say. After an error it begins no further write, and waits for those that are under way.
 * @throws the first error of the writes
 */
async function storeLeads(
  leads: readonly LeadEvent[],
  source: string,
  format: SourceFormat,
  { store, log, meter, now }: IngestPorts,
): Promise<StoredLead[]> {
  const isSmoke = source === smokeSource;
  return mapLimited(leads, writesAtOnce, async ({ identity, json, isTest }): Promise<StoredLead> => {
    const correlationId = webhookLeadId(source, ...identity);
    const key = rawKey(correlationId);
    const status = await store.writeOnce(key, json, {
      [Metadata.correlationId]: correlationId,
      [Metadata.source]: source,
      [Metadata.format]: format,
      [Metadata.receivedAt]: now().toISOString(),
      ...((isTest || isSmoke) && { [Metadata.test]: "true" }),
    });
    log.info("lead ingested", { correlationId, source, status });
    if (status === "stored" && !isSmoke) meter.count(Metric.leadsIngested, 1);
    return { key, status };
  });
}
