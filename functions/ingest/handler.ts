import type { APIGatewayProxyEventV2 as Request, APIGatewayProxyStructuredResultV2 as Response } from "aws-lambda";
import { RejectedError } from "../lead/rejection.ts";
import { loggable } from "../runtime/loggable.ts";
import { type Door, type SourceRequest, UnprovenRequestError } from "../sources/door.ts";
import type { ConfiguredSource, SourceFormat } from "../sources/index.ts";
import { accepted, badRequest, unauthorized, unavailable, unknownSource } from "./responses.ts";
import { createStoreEvents, type StoreEventsPorts } from "./store-events.ts";

export interface IngestPorts extends StoreEventsPorts {
  readonly sources: Readonly<Record<string, ConfiguredSource>>;
  readonly openDoor: (format: SourceFormat) => Promise<Door>;
  /** Reads an SSM parameter. */
  readonly secret: (parameter: string) => Promise<string>;
}

/** Takes a source's request, verifies it, and stores each of its leads once. A 2xx means that all of them are stored. */
export function makeHandler(ports: IngestPorts) {
  const { sources, openDoor, secret, log, meter, now } = ports;
  const storeEvents = createStoreEvents(ports);

  return async (event: Request): Promise<Response> => {
    const source = event.pathParameters?.source ?? "";
    const settings = Object.hasOwn(sources, source) ? sources[source] : undefined;
    if (!settings) return unknownSource();
    try {
      const request = asSourceRequest(event);
      const [door, secrets] = await Promise.all([openDoor(settings.format), secret(settings.secretParameter)]);
      door.verify(request, { secrets: secrets.split(/\s+/).filter(Boolean), settings, now: now() });
      return accepted(await storeEvents(source, settings.format, door.split(request, { settings })));
    } catch (error) {
      const context = { source, requestId: event.requestContext.requestId, ...loggable(error) };
      const byClient = error instanceof UnprovenRequestError || error instanceof RejectedError;
      log[byClient ? "warn" : "error"]("request not accepted", context);
      if (error instanceof UnprovenRequestError) return unauthorized(error.code, error.message);
      if (error instanceof RejectedError) return badRequest(error.code, error.message);
      return unavailable();
    } finally {
      meter.flush();
    }
  };
}

const asSourceRequest = ({
  requestContext,
  rawQueryString,
  headers,
  body,
  isBase64Encoded,
}: Request): SourceRequest => ({
  method: requestContext.http.method,
  path: requestContext.http.path,
  query: rawQueryString,
  headers,
  body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"),
});
