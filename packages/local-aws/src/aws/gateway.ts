import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readBody } from "../http/read-body.ts";
import { requestListener } from "../http/request-listener.ts";
import { accessDenied, type Refusal } from "../iam/access-denied.ts";
import { UnmappedCallError } from "../iam/requirement.ts";
import { listen } from "../loopback.ts";
import type { ApiAnswer, ApiRequest, Authorize, Backend, Call, Caller, EndpointName } from "./call.ts";
import { listingNeeded } from "./hidden-keys.ts";
import { errorAnswer, ServiceError, unknownCredentials } from "./service-error.ts";

/**
 * Runs before a call reaches its service. Its answer is sent in place of the service's.
 * @param proceed lets the service do its work, for faults that come after it
 */
export type Intercept = (
  call: Call,
  proceed: () => Promise<ApiAnswer>,
) => Promise<ApiAnswer | undefined> | ApiAnswer | undefined;

export interface GatewayOptions {
  readonly authorize: Authorize;
  readonly intercept?: Intercept;
}

export interface Answered {
  readonly call: Call;
  readonly request: ApiRequest;
  readonly answer: ApiAnswer;
}

/** The credential scope of a signed request. https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
const credential = /Credential=([^/\s,]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;

/** The endpoint of all AWS services: finds service and caller, asks whether the call is allowed, and passes it on. */
export class Gateway extends EventEmitter<{ answered: [Answered]; denied: [Call, Refusal] }> {
  /** Calls so far, by `service:operation`. */
  readonly counts = new Map<string, number>();
  url = "";
  readonly #backends = new Map<EndpointName, Backend>();
  readonly #callers = new Map<string, Caller>();
  readonly #options: GatewayOptions;
  readonly #server = createServer(
    { keepAliveTimeout: 120_000 },
    requestListener((request, response) => this.#serve(request, response)),
  );

  constructor(options: GatewayOptions) {
    super();
    this.#options = options;
  }

  async start(): Promise<void> {
    this.url = await listen(this.#server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  add(backend: Backend): void {
    this.#backends.set(backend.service, backend);
  }

  /** Makes an access key id known as a caller's. */
  admit(accessKeyId: string, caller: Caller): void {
    this.#callers.set(accessKeyId, caller);
  }

  /** A call as it comes over HTTP, without the HTTP. */
  async call(caller: Caller, service: EndpointName, request: ApiRequest): Promise<ApiAnswer> {
    try {
      const backend = this.#backends.get(service);
      if (!backend) throw new ServiceError(404, "UnknownService", `local-aws has no ${service}.`);
      const call: Call = { caller, service, ...backend.describe(request) };
      const name = `${service}:${call.operation}`;
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      const refused = this.#refuse(call, request);
      if (refused) return refused;
      const proceed = () => backend.handle(request, call);
      const answer = (await this.#options.intercept?.(call, proceed)) ?? (await proceed());
      const listing = listingNeeded(call, answer);
      const hidden = listing && this.#refuse(listing, request);
      if (hidden) return hidden;
      this.emit("answered", { call, request, answer });
      return answer;
    } catch (error) {
      return errorAnswer(service, asServiceError(error));
    }
  }

  #refuse(call: Call, { method }: ApiRequest): ApiAnswer | undefined {
    const refusal = this.#options.authorize(call);
    if (!refusal) return undefined;
    this.emit("denied", call, refusal);
    return accessDenied(refusal, randomUUID(), method);
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await readBody(incoming);
    const answer = received && (await this.#answer(incoming, received.content));
    if (!answer || response.destroyed) return;
    const body = typeof answer.body === "string" ? Buffer.from(answer.body) : answer.body;
    const length = incoming.method === "HEAD" ? {} : { "content-length": String(body.length) };
    response
      .writeHead(answer.status, { ...answer.headers, ...length })
      .end(incoming.method === "HEAD" ? undefined : body);
  }

  async #answer(incoming: IncomingMessage, body: Buffer): Promise<ApiAnswer> {
    const [, accessKeyId, signedService] = credential.exec(incoming.headers.authorization ?? "") ?? [];
    const service = [...this.#backends.keys()].find((known) => known === signedService) ?? "s3";
    const caller = this.#callers.get(accessKeyId ?? "");
    if (!caller) return errorAnswer(service, unknownCredentials(service));
    const url = incoming.url ?? "/";
    const mark = url.indexOf("?");
    return this.call(caller, service, {
      method: incoming.method ?? "GET",
      path: mark === -1 ? url : url.slice(0, mark),
      query: new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1)),
      headers: plainHeaders(incoming),
      body,
    });
  }
}

const plainHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]));

function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  // What a call needs is not known for every operation of AWS; such a call is refused and never let through.
  if (error instanceof UnmappedCallError) return new ServiceError(400, error.code, error.message);
  if (error instanceof URIError) return new ServiceError(400, "InvalidURI", "Couldn't parse the specified URI.");
  if (error instanceof SyntaxError) return new ServiceError(400, "SerializationException", error.message);
  return new ServiceError(500, "InternalFailure", error instanceof Error ? error.message : String(error));
}
