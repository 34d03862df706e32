import { randomInt } from "node:crypto";
import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { Semaphore } from "es-toolkit/promise";
import { requireLoopback } from "local-aws";
import { Pool } from "undici";
import { webhookLeadId } from "../functions/lead/lead-id.ts";
import type { SimulatedApi } from "./apis/simulated-api.ts";
import { LocalRunError } from "./errors.ts";
import { leadIdsIn } from "./lead-ids.ts";
import { type CrmLead, LeadSource } from "./senders/leads.ts";
import type { Sender, SenderRequest, SimulatedSource } from "./senders/sender.ts";
import { Subscription } from "./subscription.ts";

/** A source of the run and what it knows. */
export interface SendingSource extends SimulatedSource {
  readonly sender: Sender;
  /** Has the records of leads whose events hold only ids. @default the events are complete */
  readonly api?: Pick<SimulatedApi, "put">;
}

export interface CrmSettings {
  /** URL to which `/{source}` is added. */
  readonly endpoint: string;
  /** By name; at least one. */
  readonly sources: ReadonlyMap<string, SendingSource>;
  readonly seed: number;
}

/** What a source got for a request. Status 0 is no answer. */
export interface Answer {
  readonly source: string;
  readonly status: number;
  readonly body: string;
}

/** How one request ended. */
export interface Sent extends Answer {
  readonly attempts: number;
  /** Whether the vendor takes the answer for success. */
  readonly accepted: boolean;
  /** Ids of the leads, when they were accepted. */
  readonly leadIds: readonly string[];
  readonly leads: readonly unknown[];
}

export interface Signed extends SenderRequest {
  readonly body: string;
  /** The same request as the source makes it for a further attempt. @default unchanged */
  readonly again?: () => Signed;
  /** Ids of its leads, for a source whose answers do not name them. */
  readonly leadIds?: readonly string[];
}

/** What a vendor that has stopped sending leaves instead of an answer. */
const stopped = { status: 0, body: "The vendor has stopped sending to this source." };

type Lead = Readonly<Record<string, unknown>>;

/** Sockets that the CRM keeps open. A request that waits for one is signed when it has one, as vendors sign what they send. */
const connections = 128;

/** Simulates the sources: sends signed requests and, as their vendors do, sends again what was not accepted. */
export class Crm extends EventEmitter<{ sent: [Sent]; retrying: [Answer] }> {
  readonly #settings: CrmSettings;
  readonly #leads: LeadSource;
  readonly #pool: Pool;
  readonly #sockets = new Semaphore(connections);
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #stopped = new AbortController();
  /** Requests so far, each counted once however often it is sent again; status "stopped" if the vendor had stopped sending. */
  readonly requests = { begun: 0, settled: 0, refused: {} as Record<string, number> };

  constructor(settings: CrmSettings) {
    super();
    this.#settings = settings;
    this.#leads = new LeadSource(settings.seed);
    this.#pool = new Pool(requireLoopback(settings.endpoint).origin, { connections });
  }

  /** Names of the sources. */
  get sources(): string[] {
    return [...this.#settings.sources.keys()];
  }

  /** Whether people can make up a body for a source. */
  takesAnyShape(source: string): boolean {
    return this.#settings.sources.get(source)?.sender.takesAnyShape ?? false;
  }

  /** A body with one made-up lead, another one each time. */
  example(source: string): string {
    return this.signLeads(source, [new LeadSource(randomInt(2 ** 32)).next()]).body;
  }

  /** Sends a made-up lead. The source makes no second attempt. */
  sendMadeUp(source: string): Promise<Sent> {
    return this.send(this.signLeads(source, [new LeadSource(randomInt(2 ** 32)).next()]), source, [], 1);
  }

  /** Leads that a request of the source can hold. */
  leadsInRequest(source: string): number {
    return this.#sourceNamed(source).sender.leadsInRequest;
  }

  /**
   * Sends made-up leads to sources in turn, all at once or at a rate a second; ends when the last one is settled.
   * @param sources all of them by default
   */
  async sendLeads(count: number, rate?: number, sources: readonly string[] = this.sources): Promise<Sent[]> {
    const started = performance.now();
    const requests: Promise<Sent>[] = [];
    for (let index = 0; index < count; index++) {
      if (rate !== undefined) {
        const wait = started + (index * 1000) / rate - performance.now();
        if (wait > 1) await this.#pause(wait);
      }
      if (this.#stopped.signal.aborted) break;
      requests.push(this.sendLead(sources[index % sources.length] ?? "", this.#leads.next()));
    }
    return Promise.all(requests);
  }

  sendLead(source: string, lead: Lead): Promise<Sent> {
    return this.send(this.signLeads(source, [lead]), source, [lead]);
  }

  /** A request with leads. @param leads up to the sender's `leadsInRequest`; one without an id gets one */
  signLeads(source: string, leads: readonly Lead[], eventId = this.#leads.eventId()): Signed {
    const withIds = leads.map((lead): CrmLead => ({ id: this.#leads.leadId(), ...lead }));
    const event = { url: this.#urlOf(source), eventId, at: new Date() };
    const { sender, api, ...known } = this.#sourceNamed(source);
    for (const lead of withIds) api?.put(lead);
    const leadIds = withIds.flatMap((lead) => {
      const identity = sender.identity?.(lead, known);
      return identity ? [webhookLeadId(source, ...identity)] : [];
    });
    return { ...this.sign(source, sender.body(withIds, known, event), eventId), leadIds };
  }

  /** A request with a fresh signature. @param body as the source would send it, or anything else */
  sign(source: string, body: string, eventId = this.#leads.eventId(), at?: Date): Signed {
    const { sender, ...known } = this.#sourceNamed(source);
    const event = { url: this.#urlOf(source), eventId, at: at ?? new Date() };
    return { body, ...sender.request(body, known, event), again: () => this.sign(source, body, eventId, at) };
  }

  /**
   * Sends until the source's vendor takes the answer for success or makes no further attempt. A request that `stop` cuts off
   * is not `sent`.
   * @param leads what `sent` names
   * @param maxAttempts at most so many. @default as many as the vendor makes
   */
  async send(
    signed: Signed,
    source: string,
    leads: readonly unknown[] = [],
    maxAttempts = Number.POSITIVE_INFINITY,
  ): Promise<Sent> {
    this.requests.begun += 1;
    const since = performance.now();
    const subscription = this.#subscriptionOf(source);
    const { answerSeconds } = this.#sourceNamed(source).sender.delivery;
    for (let attempts = 1, request = signed; ; attempts++, request = signed.again?.() ?? signed) {
      const none = { source, attempts, accepted: false, leadIds: [], leads };
      if (subscription.loses(since)) return this.#settled({ ...none, ...stopped }, "stopped");
      const { status, body, retryAfter } = await this.#postWithSocket(request, answerSeconds * 1000);
      subscription.note(attempts, status, body);
      if (subscription.isSuccess(status, body)) {
        const named = leadIdsIn(body.replaceAll(".json", ""));
        const leadIds = named.length > 0 ? named : (signed.leadIds ?? []);
        return this.#settled({ source, status, body, attempts, accepted: true, leadIds, leads });
      }
      const delay = subscription.delayAfter(attempts, status, retryAfter);
      if (delay === undefined || attempts >= maxAttempts || this.#stopped.signal.aborted) {
        return this.#settled({ ...none, status, body });
      }
      this.emit("retrying", { source, status, body });
      await this.#pause(delay);
    }
  }

  /** @param refusal what a request that is not accepted counts as */
  #settled(sent: Sent, refusal = String(sent.status)): Sent {
    if (this.#stopped.signal.aborted) return sent;
    const { requests } = this;
    requests.settled += 1;
    if (!sent.accepted) requests.refused[refusal] = (requests.refused[refusal] ?? 0) + 1;
    this.emit("sent", sent);
    return sent;
  }

  #urlOf(source: string): string {
    return `${this.#settings.endpoint}/${encodeURIComponent(source)}`;
  }

  /** A source that nobody knows sends as the first one does, without its secrets. */
  #sourceNamed(name: string): SendingSource {
    const { sources } = this.#settings;
    const [first] = sources.values();
    if (!first) throw new LocalRunError("NoSource", "The stack has no source, so nobody can send a lead.");
    return sources.get(name) ?? { sender: first.sender, secrets: {}, settings: {} };
  }

  #subscriptionOf(source: string): Subscription {
    const known = this.#subscriptions.get(source) ?? new Subscription(this.#sourceNamed(source).sender.delivery);
    this.#subscriptions.set(source, known);
    return known;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#pool.destroy();
  }

  /** Ends early when the CRM is stopped. */
  async #pause(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
  }

  async #postWithSocket(
    request: Signed,
    milliseconds: number,
  ): Promise<{ status: number; body: string; retryAfter: number }> {
    const hasToWait = this.#sockets.available === 0;
    await this.#sockets.acquire();
    try {
      return await this.#post((hasToWait ? request.again?.() : undefined) ?? request, milliseconds);
    } finally {
      this.#sockets.release();
    }
  }

  /** Status 0 stands for no answer at all. */
  async #post(
    { method = "POST", url, headers, body }: Signed,
    milliseconds: number,
  ): Promise<{ status: number; body: string; retryAfter: number }> {
    try {
      const { pathname, search } = new URL(url);
      const limits = { headersTimeout: milliseconds, bodyTimeout: milliseconds };
      const response = await this.#pool.request({ method, path: pathname + search, headers, body, ...limits });
      const retryAfter = Number(response.headers["retry-after"] ?? 0);
      return { status: response.statusCode, body: await response.body.text(), retryAfter: retryAfter || 0 };
    } catch (error) {
      return { status: 0, body: error instanceof Error ? error.message : String(error), retryAfter: 0 };
    }
  }
}
