import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { Outcome } from "../lambda/environment.ts";
import type { ApiSettings, Route } from "./api-settings.ts";

/** A request as the server got it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: Date;
  readonly sourceIp: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

const textTypes = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded)|[^;]+\+(json|xml))/i;

/** An answer that API Gateway makes itself. */
export const message = (status: number, text: string): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify({ message: text })),
});

function clfTime(date: Date): string {
  const [, day, month, year, time] = /(\d+) (\w+) (\d+) (\S+)/.exec(date.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

/**
 * The event of payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function payload(
  request: HttpRequest,
  route: Route,
  pathParameters: Readonly<Record<string, string>>,
  api: ApiSettings,
): APIGatewayProxyEventV2 {
  const { cookie, ...headers } = request.headers;
  const [rawPath = "/", rawQueryString = ""] = request.url.split(/\?(.*)/s);
  const query = [...new URLSearchParams(rawQueryString)];
  const isBase64Encoded = !textTypes.test(headers["content-type"] ?? "");
  const names = Object.keys(pathParameters);
  return {
    version: "2.0",
    routeKey: route.key,
    rawPath,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split("; ") }),
    headers,
    ...(query.length > 0 && {
      queryStringParameters: Object.fromEntries(
        query.map(([name]) => [
          name,
          query
            .filter(([other]) => other === name)
            .map(([, value]) => value)
            .join(","),
        ]),
      ),
    }),
    requestContext: {
      accountId: "anonymous",
      apiId: api.id,
      domainName: headers.host ?? "",
      domainPrefix: api.id,
      http: {
        method: request.method,
        path: rawPath,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: api.stage,
      time: clfTime(request.receivedAt),
      timeEpoch: request.receivedAt.getTime(),
    },
    ...(names.length > 0 && { pathParameters: { ...pathParameters } }),
    ...(request.body.length > 0 && { body: request.body.toString(isBase64Encoded ? "base64" : "utf8") }),
    isBase64Encoded: request.body.length > 0 && isBase64Encoded,
  };
}

interface Structured {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly cookies?: readonly string[];
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

/** What the client gets of a function's answer: an object with a statusCode speaks for itself, any other is a 200. */
export function answerOf(outcome: Outcome): HttpAnswer {
  if (!outcome.ok) {
    const throttled = outcome.error.errorType === "TooManyRequestsException";
    return throttled ? message(503, "Service Unavailable") : message(500, "Internal Server Error");
  }
  const result: unknown = JSON.parse(outcome.payload);
  const structured = typeof result === "object" && result !== null && "statusCode" in result;
  if (!structured) {
    return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(outcome.payload) };
  }
  const { statusCode, headers = {}, cookies, body, isBase64Encoded } = result as Structured;
  const status = Number(statusCode);
  const unreadable = !Number.isInteger(status) || status < 100 || status > 599;
  if (unreadable || (body !== undefined && typeof body !== "string")) return message(500, "Internal Server Error");
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      ...Object.fromEntries(lowered),
      ...(cookies && { "set-cookie": [...cookies] }),
    },
    body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"),
  };
}
