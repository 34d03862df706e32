import type { IncomingMessage, ServerResponse } from "node:http";
import { TokenBucket } from "local-aws";
import type { CrmLead } from "../senders/leads.ts";
import { SimulatedServer } from "../simulated-server.ts";

export interface ApiReply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a vendor's API limits its callers. */
export interface ApiRate {
  /** Requests a second in the long run. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}

/** `down`: it answers 503. `limited`: it wants no request for half a minute. */
export type ApiMode = "up" | "down" | "limited";

/** Simulates a vendor's API that has a record for each lead, and is as strict about tokens, paths, fields and rates. */
export abstract class SimulatedApi extends SimulatedServer<{ answered: [status: number] }> {
  /** The only token that it takes. */
  token: string;
  /** Can change while it runs. */
  mode: ApiMode = "up";
  protected readonly records = new Map<string, object>();
  readonly #bucket: TokenBucket;

  constructor(token: string, { rate, burst }: ApiRate) {
    super();
    this.token = token;
    this.#bucket = new TokenBucket(rate, burst);
  }

  /** Makes the record of a lead. */
  abstract put(lead: CrmLead): void;
  /** The token of a request; undefined without one. */
  protected abstract tokenIn(request: IncomingMessage): string | undefined;
  /** The answer to a request whose token fits. */
  protected abstract answer(url: URL): ApiReply;
  /** What the vendor's answer to such a status looks like. */
  protected abstract problem(status: 401 | 404 | 405 | 429 | 503, retryAfterSeconds?: number): ApiReply;

  protected serve(request: IncomingMessage, _body: Buffer, response: ServerResponse): void {
    const { status, body, headers } = this.#reply(request);
    this.emit("answered", status);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  }

  #reply(request: IncomingMessage): ApiReply {
    if (this.mode === "down") return this.problem(503);
    if (this.mode === "limited") return this.problem(429, 30);
    if (this.tokenIn(request) !== this.token) return this.problem(401);
    if (!this.#bucket.take()) return this.problem(429, Math.max(1, Math.ceil(this.#bucket.secondsToNext)));
    if (request.method !== "GET") return this.problem(405);
    return this.answer(new URL(request.url ?? "/", this.url));
  }
}

/** Creates the API of a format. @param token the only one that it takes */
export type CreateApi = (token: string) => SimulatedApi;

/** The token of a Bearer header. */
export const bearerIn = ({ headers }: IncomingMessage): string | undefined =>
  /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1];
