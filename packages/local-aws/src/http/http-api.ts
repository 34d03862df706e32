import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Authorize, Caller } from "../aws/call.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import { listen } from "../loopback.ts";
import type { ApiSettings, Route } from "./api-settings.ts";
import { answerOf, type HttpAnswer, type HttpRequest, message, payload } from "./payload.ts";
import { readBody } from "./read-body.ts";
import { requestListener } from "./request-listener.ts";
import { TokenBucket } from "./token-bucket.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const bodyLimit = 10 * 1024 * 1024;

export interface HttpAnswered {
  readonly request: HttpRequest;
  readonly answer: HttpAnswer;
  /** Lambda's id of the invocation, as in the function's log lines. A request that invoked no function has one too. */
  readonly requestId: string;
}

/** Simulates API Gateway: routes, throttling, and payload format 2.0 in both directions. */
export class HttpApi extends EventEmitter<{ answered: [HttpAnswered] }> {
  url = "";
  #settings: ApiSettings | undefined;
  #buckets: ReadonlyMap<Route, TokenBucket> = new Map();
  #functions: ReadonlyMap<string, LambdaFunction> = new Map();
  #authorize: Authorize | undefined;
  readonly #server = createServer(
    { keepAliveTimeout: 120_000 },
    requestListener((incoming, response) => this.#serve(incoming, response)),
  );

  /** Starts listening. Every request is a 404 until `serve` is called. */
  async start(): Promise<void> {
    this.url = await listen(this.#server);
  }

  /** @param authorize decides about `lambda:InvokeFunction` */
  serve(settings: ApiSettings, functions: ReadonlyMap<string, LambdaFunction>, authorize: Authorize): void {
    this.#settings = settings;
    this.#authorize = authorize;
    this.#functions = functions;
    this.#buckets = new Map(
      settings.routes.map((route) => [route, new TokenBucket(route.rateLimit, route.burstLimit)]),
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = new Date();
    const received = await readBody(incoming, bodyLimit);
    if (!received) return;
    const request: HttpRequest = {
      method: incoming.method ?? "GET",
      url: incoming.url ?? "/",
      headers: Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")]),
      ),
      body: received.content,
      receivedAt,
      sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
    };
    const requestId = randomUUID();
    const answer = received.tooLarge
      ? message(413, "Request Entity Too Large")
      : await this.#answer(request, requestId);
    this.emit("answered", { request, answer, requestId });
    if (response.destroyed) return;
    response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length }).end(answer.body);
  }

  async #answer(request: HttpRequest, requestId: string): Promise<HttpAnswer> {
    const settings = this.#settings;
    const found = settings && findRoute(settings, request);
    if (!found) return message(404, "Not Found");
    if (!this.#buckets.get(found.route)?.take()) return message(429, "Too Many Requests");
    const target = this.#functions.get(found.route.functionName);
    if (!target || !this.#mayInvoke(settings, found.route)) return message(500, "Internal Server Error");
    const limit = new AbortController();
    const late = pause(found.route.timeoutMilliseconds, message(503, "Service Unavailable"), {
      ref: false,
      signal: limit.signal,
    }).catch(() => message(503, "Service Unavailable"));
    const event = payload(request, found.route, found.parameters, settings);
    const invoked = target.invoke(event, [], requestId).then(answerOf);
    return Promise.race([invoked, late]).finally(() => limit.abort());
  }

  #mayInvoke(settings: ApiSettings, route: Route): boolean {
    const parameters = { FunctionName: route.functionName };
    const call = { caller: callerOf(settings, route), service: "lambda", operation: "Invoke", parameters } as const;
    return this.#authorize?.(call) === undefined;
  }
}

/** The API calls on behalf of the route: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html */
function callerOf({ id, stage, executionArn }: ApiSettings, { key }: Route): Caller {
  const [method, path] = key.split(" ");
  const sourceArn = `${executionArn}/${stage}/${method}${path}`;
  return { kind: "service", name: `API ${id}`, principal: "apigateway.amazonaws.com", sourceArn };
}

function findRoute({ routes, stage }: ApiSettings, { method, url }: HttpRequest) {
  const path = url.split("?")[0] ?? "/";
  const inner = stage === "$default" ? path : path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : undefined;
  if (inner === undefined) return undefined;
  for (const route of routes) {
    const match = route.method === method || route.method === "ANY" ? route.path.exec(inner) : null;
    if (match) return { route, parameters: decoded(match.groups) };
  }
  return undefined;
}

function decoded(groups: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}
