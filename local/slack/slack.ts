import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { TokenBucket } from "local-aws";
import type { Chat, ChatMessage } from "../chat.ts";
import { forgetBefore } from "../forget-before.ts";
import { leadIdsIn, leadRefsIn } from "../lead-ids.ts";
import type { SlackMode } from "../options.ts";
import { SimulatedServer } from "../simulated-server.ts";
import { slackPage } from "./slack-page.ts";
import { readMessage } from "./slack-rules.ts";

/** Messages a second, and how many may come at once before that counts. Slack documents the first and not the second. */
const pace = { rate: 1, burst: 3 };
/** Longer than clients usually wait. */
const slowMilliseconds = 8000;

/** Answers of Slack, or of a proxy before it, that can come although the channel shows the message. */
export const uncertainReplies: readonly [Reply, ...Reply[]] = [
  { status: 500, body: "fatal_error" },
  { status: 500, body: "internal_error" },
  { status: 503, body: "upstream connect error or disconnect/reset before headers" },
  { status: 408, body: "stream timeout" },
  { status: 421, body: "" },
];

interface Webhook {
  readonly channel: string;
  readonly bucket: TokenBucket;
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Simulates a Slack workspace whose channels have an incoming webhook each: it keeps Slack's rules and shows what it got.
 * `answered` has status 0 for a message that got no answer.
 */
export class Slack
  extends EventEmitter<{ message: [ChatMessage]; answered: [status: number, body: string] }>
  implements Chat
{
  readonly messages: ChatMessage[] = [];
  /** Can change while it runs. */
  mode: SlackMode;
  /** Where the channels can be read in a browser. */
  url = "";
  readonly #webhooks = new Map<string, Webhook>();
  /** Uncertain replies so far. */
  #uncertain = 0;
  readonly #server = new SimulatedServer((request, body, response) => this.#serve(request, body, response));

  constructor(mode: SlackMode) {
    super();
    this.mode = mode;
  }

  /** The URL of a channel's webhook, which is made when it is first asked for. */
  webhookUrl(channel: string): string {
    const known = [...this.#webhooks].find(([, webhook]) => webhook.channel === channel);
    const path = known?.[0] ?? `/services/TLOCAL/BLOCAL/${randomBytes(12).toString("base64url")}`;
    if (!known) this.#webhooks.set(path, { channel, bucket: new TokenBucket(pace.rate, pace.burst) });
    return `${this.url}${path}`;
  }

  async start(): Promise<void> {
    this.url = await this.#server.start();
  }

  forget(before: Date): void {
    forgetBefore(this.messages, before);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  async #serve(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    if (request.method === "GET") {
      const found = request.url === "/";
      response.writeHead(found ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
      response.end(found ? slackPage(this.messages) : "Not found");
      return;
    }
    if (this.mode === "slow") await pause(slowMilliseconds, undefined, { ref: false });
    if (response.destroyed) return void this.emit("answered", 0, "");
    if (this.mode === "resetting") return this.#reset(request);
    const webhook = this.#webhooks.get(request.url ?? "");
    let reply = webhook ? this.#reply(webhook, body.toString("utf8")) : noService;
    if (this.mode === "silent") return this.#reset(request);
    if (this.mode === "uncertain" && reply.status === 200) reply = this.#uncertainReply();
    this.emit("answered", reply.status, reply.body);
    response.writeHead(reply.status, { "content-type": "text/plain; charset=utf-8", ...reply.headers }).end(reply.body);
  }

  /** The next of the uncertain replies, in turn. */
  #uncertainReply(): Reply {
    const reply = uncertainReplies[this.#uncertain % uncertainReplies.length] ?? uncertainReplies[0];
    this.#uncertain += 1;
    return reply;
  }

  #reset({ socket }: IncomingMessage): void {
    socket.resetAndDestroy();
    this.emit("answered", 0, "");
  }

  #reply({ channel, bucket }: Webhook, body: string): Reply {
    if (this.mode === "down") return { status: 500, body: "rollup_error" };
    const taken = bucket.take();
    if (this.mode === "limited" || !taken) return rateLimited(this.mode === "limited" ? 30 : bucket.secondsToNext);
    const read = readMessage(body);
    if ("refusal" in read) return read.refusal;
    const payload = read.message;
    const message = { channel, at: Date.now(), leadIds: leadIdsIn(body), leadRefs: leadRefsIn(body), payload };
    this.messages.push(message);
    this.emit("message", message);
    return { status: 200, body: "ok" };
  }
}

const noService: Reply = { status: 404, body: "no_service" };

/** Slack asks for whole seconds, at least one. */
const rateLimited = (seconds: number): Reply => ({
  status: 429,
  body: "rate_limited",
  headers: { "retry-after": String(Math.max(1, Math.ceil(seconds))) },
});
