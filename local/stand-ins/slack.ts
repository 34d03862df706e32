import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { TokenBucket } from "../http/token-bucket.ts";
import { listen } from "../loopback.ts";
import type { SlackMode } from "../options.ts";
import { leadIdsIn } from "./lead-ids.ts";
import { slackPage } from "./slack-page.ts";
import { readMessage } from "./slack-rules.ts";

/** A message that the channel shows. */
export interface SlackMessage {
  readonly at: number;
  readonly leadIds: readonly string[];
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Messages a second, and how many may come at once before that counts. Slack documents the first and not the second. */
const pace = { rate: 1, burst: 3 };
/** Longer than clients usually wait. */
const slowMilliseconds = 8000;

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A stand-in for a Slack channel with one incoming webhook, which keeps Slack's rules and shows what it got. */
export class Slack extends EventEmitter<{ message: [SlackMessage]; answered: [status: number, body: string] }> {
  readonly messages: SlackMessage[] = [];
  /** Can change while it runs. */
  mode: SlackMode;
  /** Where the channel can be read in a browser. */
  url = "";
  readonly #webhook = `/services/TLOCAL/BLOCAL/${randomBytes(12).toString("base64url")}`;
  readonly #bucket = new TokenBucket(pace.rate, pace.burst);
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(mode: SlackMode) {
    super();
    this.mode = mode;
  }

  get webhookUrl(): string {
    return `${this.url}${this.#webhook}`;
  }

  async start(): Promise<void> {
    this.url = await listen(this.#server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    if (request.method === "GET") {
      const found = request.url === "/";
      response.writeHead(found ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
      response.end(found ? slackPage(this.messages) : "Not found");
      return;
    }
    if (this.mode === "slow") await pause(slowMilliseconds, undefined, { ref: false });
    if (response.destroyed) return;
    const reply = request.url === this.#webhook ? this.#reply(Buffer.concat(chunks).toString("utf8")) : noService;
    this.emit("answered", reply.status, reply.body);
    response.writeHead(reply.status, { "content-type": "text/plain; charset=utf-8", ...reply.headers }).end(reply.body);
  }

  #reply(body: string): Reply {
    if (this.mode === "down") return { status: 500, body: "rollup_error" };
    const taken = this.#bucket.take();
    if (this.mode === "limited" || !taken)
      return rateLimited(this.mode === "limited" ? 30 : this.#bucket.secondsToNext);
    const read = readMessage(body);
    if ("refusal" in read) return read.refusal;
    const message = { at: Date.now(), leadIds: leadIdsIn(body), payload: read.message };
    this.messages.push(message);
    this.emit("message", message);
    return { status: 200, body: "ok" };
  }
}

const noService: Reply = { status: 404, body: "no_service" };

/** Slack tells whole seconds, and at least one. */
const rateLimited = (seconds: number): Reply => ({
  status: 429,
  body: "rate_limited",
  headers: { "retry-after": String(Math.max(1, Math.ceil(seconds))) },
});
