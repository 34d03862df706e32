import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { leadIdsIn, leadRefsIn } from "./lead-ids.ts";
import { forgetBefore, SimulatedServer } from "./simulated-server.ts";

export interface ChatMessage {
  /** Counts the chat's messages, from 1. */
  readonly number: number;
  readonly channel: string;
  readonly at: number;
  readonly leadIds: readonly string[];
  readonly leadRefs: readonly string[];
  readonly payload: Readonly<Record<string, unknown>>;
}

interface ChatEvents {
  message: [ChatMessage];
  /** Status 0 stands for a message that got no answer. */
  answered: [status: number, body: string];
  /** The body of a post that fails as `failureOf` says: its sender cannot know whether somebody sees the message. */
  uncertain: [body: string];
}

/** How posts fail, none of which shows the message: an answer with 503, or no answer on a connection that stays open. */
export type ChatFailure = "answered 5xx" | "silent";

/** Simulates a chat whose destinations have an incoming webhook each, and keeps what it got. */
export abstract class Chat extends SimulatedServer<ChatEvents> {
  readonly messages: ChatMessage[] = [];
  /** How the posts to a destination fail. @default not at all */
  failureOf: (destination: string) => ChatFailure | undefined = () => undefined;
  /** Destinations by the path of their webhook. */
  readonly #destinations = new Map<string, string>();
  #shown = 0;

  /** Start of the webhooks' paths, with a slash at both ends. */
  protected abstract readonly webhooksPath: string;

  /** Answers a post. */
  protected abstract answer(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> | void;

  protected serve(request: IncomingMessage, content: Buffer, response: ServerResponse): Promise<void> | void {
    const body = content.toString("utf8");
    const destination = this.destinationOf(request);
    const failure = destination === undefined ? undefined : this.failureOf(destination);
    if (failure === undefined) return this.answer(request, body, response);
    this.emit("uncertain", body);
    if (failure === "answered 5xx") response.writeHead(503).end("upstream connect error");
  }

  /** The destination that a request is for, or undefined if there is no such webhook. */
  protected destinationOf({ url = "" }: IncomingMessage): string | undefined {
    return this.#destinations.get(url);
  }

  protected show(channel: string, body: string, payload: ChatMessage["payload"]): void {
    this.#shown += 1;
    const named = { leadIds: leadIdsIn(body), leadRefs: leadRefsIn(body) };
    const message = { number: this.#shown, channel, at: Date.now(), ...named, payload };
    this.messages.push(message);
    this.emit("message", message);
  }

  /** The names of the destinations that have a webhook. */
  get destinations(): readonly string[] {
    return [...this.#destinations.values()];
  }

  /** The URL of a destination's webhook, which is made when it is first asked for. */
  webhookUrl(destination: string): string {
    const known = [...this.#destinations].find(([, other]) => other === destination);
    const path = known?.[0] ?? `${this.webhooksPath}${randomBytes(12).toString("base64url")}`;
    this.#destinations.set(path, destination);
    return `${this.url}${path}`;
  }

  forget(before: Date): void {
    forgetBefore(this.messages, before);
  }
}
