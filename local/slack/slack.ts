import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { TokenBucket } from "local-aws";
import { Chat } from "../chat.ts";
import type { SlackMode } from "../options.ts";
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

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Simulates a Slack workspace whose channels have an incoming webhook each, and keeps Slack's rules. */
export class Slack extends Chat {
  /** Can change while it runs. */
  mode: SlackMode;
  protected readonly webhooksPath = "/services/TLOCAL/BLOCAL/";
  readonly #buckets = new Map<string, TokenBucket>();
  #uncertain = 0;

  constructor(mode: SlackMode) {
    super();
    this.mode = mode;
  }

  protected async answer(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    if (this.mode === "slow") await pause(slowMilliseconds, undefined, { ref: false });
    if (response.destroyed) return void this.emit("answered", 0, "");
    if (this.mode === "resetting") return this.#reset(request);
    const channel = this.destinationOf(request);
    let reply = channel ? this.#reply(channel, body) : noService;
    if (this.mode === "silent") return this.#reset(request);
    if (this.mode === "uncertain" && reply.status === 200) reply = this.#uncertainReply();
    this.emit("answered", reply.status, reply.body);
    response.writeHead(reply.status, { "content-type": "text/plain; charset=utf-8", ...reply.headers }).end(reply.body);
  }

  #uncertainReply(): Reply {
    const reply = uncertainReplies[this.#uncertain % uncertainReplies.length] ?? uncertainReplies[0];
    this.#uncertain += 1;
    return reply;
  }

  #reset({ socket }: IncomingMessage): void {
    socket.resetAndDestroy();
    this.emit("answered", 0, "");
  }

  #reply(channel: string, body: string): Reply {
    if (this.mode === "down") return { status: 500, body: "rollup_error" };
    const bucket = this.#buckets.get(channel) ?? new TokenBucket(pace.rate, pace.burst);
    this.#buckets.set(channel, bucket);
    const taken = bucket.take();
    if (this.mode === "limited" || !taken) return rateLimited(this.mode === "limited" ? 30 : bucket.secondsToNext);
    const read = readMessage(body);
    if ("refusal" in read) return read.refusal;
    this.show(channel, body, read.message);
    return { status: 200, body: "ok" };
  }
}

const noService: Reply = { status: 404, body: "no_service" };

/** Slack asks for whole seconds. */
const rateLimited = (seconds: number): Reply => ({
  status: 429,
  body: "rate_limited",
  headers: { "retry-after": String(Math.ceil(seconds)) },
});
