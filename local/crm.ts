import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { requireLoopback } from "local-aws";
import { Pool } from "undici";
import { LocalRunError } from "./errors.ts";
import { leadIdsIn } from "./lead-ids.ts";
import { type CrmLead, LeadSource } from "./senders/leads.ts";
import type { Sender } from "./senders/sender.ts";
import { isAccepted } from "./summary.ts";

/** How a source's requests are made and signed. */
export interface SimulatedSource {
  readonly sender: Sender;
  readonly secret: string;
  /** With their defaults. */
  readonly settings: object;
}

export interface CrmSettings {
  /** URL to which `/{source}` is added. */
  readonly endpoint: string;
  /** By name; at least one. */
  readonly sources: ReadonlyMap<string, SimulatedSource>;
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
  /** Ids of the leads, when they were accepted. */
  readonly leadIds: readonly string[];
  readonly lead: unknown;
}

export interface Signed {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sockets that the CRM keeps open: more leads than that wait their turn. */
const connections = 128;
/** Milliseconds for which a CRM goes on trying; real ones do so for hours. */
const patience = 15 * 60_000;
/** Milliseconds: the first pause and the longest; each pause is twice the one before, less up to half by chance. */
const backoff = { first: 250, longest: 8000 };

/** Simulates the sources: sends signed requests and, as CRMs do, sends again what was not accepted. */
export class Crm extends EventEmitter<{ sent: [Sent]; retrying: [Answer] }> {
  readonly #settings: CrmSettings;
  readonly #leads: LeadSource;
  readonly #pool: Pool;
  readonly #stopped = new AbortController();
  /** Requests so far, each counted once however often it is sent again. */
  readonly requests = { begun: 0, settled: 0, refused: {} as Record<number, number> };

  constructor(settings: CrmSettings) {
    super();
    this.#settings = settings;
    this.#leads = new LeadSource(settings.seed);
    this.#pool = new Pool(requireLoopback(settings.endpoint).origin, { connections });
  }

  /** Sends made-up leads to the sources in turn, all at once or at a rate a second; ends when the last one is settled. */
  async sendLeads(count: number, rate?: number): Promise<Sent[]> {
    const sources = [...this.#settings.sources.keys()];
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

  sendLead(source: string, lead: CrmLead | Readonly<Record<string, unknown>>): Promise<Sent> {
    const { sender, secret } = this.#sourceOf(source);
    return this.send(this.sign(source, sender.body(lead, secret)), source, lead);
  }

  /** A request with a fresh signature. @param body as the source would send it, or anything else */
  sign(source: string, body: string, eventId = this.#leads.eventId(), at = new Date()): Signed {
    const { sender, secret, settings } = this.#sourceOf(source);
    return {
      url: `${this.#settings.endpoint}/${encodeURIComponent(source)}`,
      headers: sender.headers({ body, eventId, at }, secret, settings),
      body,
    };
  }

  /**
   * Sends until the endpoint answers with anything but 429 and 5xx, or there is no time left for another try. A request that
   * `stop` cuts off is not `sent`.
   */
  async send(signed: Signed, source: string, lead: unknown, milliseconds = patience): Promise<Sent> {
    this.requests.begun += 1;
    const until = performance.now() + milliseconds;
    let wait = backoff.first;
    for (let attempts = 1; ; attempts++) {
      const { status, body, retryAfter } = await this.#post(signed);
      const final = status !== 0 && status !== 429 && status < 500;
      if (final || performance.now() + wait > until || this.#stopped.signal.aborted) {
        const leadIds = isAccepted(status) ? leadIdsIn(body.replaceAll(".json", "")) : [];
        const sent: Sent = { source, status, body, attempts, leadIds, lead };
        if (!this.#stopped.signal.aborted) this.#settled(sent);
        return sent;
      }
      this.emit("retrying", { source, status, body });
      const chance = wait * (0.5 + Math.random() / 2);
      await this.#pause(Math.max(chance, retryAfter * 1000));
      wait = Math.min(wait * 2, backoff.longest);
    }
  }

  #settled(sent: Sent): void {
    const { requests } = this;
    requests.settled += 1;
    if (!isAccepted(sent.status)) requests.refused[sent.status] = (requests.refused[sent.status] ?? 0) + 1;
    this.emit("sent", sent);
  }

  /** A source that nobody knows sends as the first one does, and has no secret. */
  #sourceOf(source: string): Omit<SimulatedSource, "secret"> & { readonly secret?: string } {
    const { sources } = this.#settings;
    const [first] = sources.values();
    if (!first) throw new LocalRunError("NoSource", "The stack has no source, so nobody can send a lead.");
    const { sender, settings } = first;
    return sources.get(source) ?? { sender, settings };
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#pool.destroy();
  }

  /** Ends early when the CRM is stopped. */
  async #pause(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
  }

  /** Status 0 stands for no answer at all. */
  async #post({ url, headers, body }: Signed): Promise<{ status: number; body: string; retryAfter: number }> {
    try {
      const path = new URL(url).pathname;
      const response = await this.#pool.request({ method: "POST", path, headers, body });
      const retryAfter = Number(response.headers["retry-after"] ?? 0);
      return { status: response.statusCode, body: await response.body.text(), retryAfter: retryAfter || 0 };
    } catch (error) {
      return { status: 0, body: error instanceof Error ? error.message : String(error), retryAfter: 0 };
    }
  }
}
