import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { Pool } from "undici";
import { requireLoopback } from "../../packages/local-aws/src/loopback.ts";
import { leadIdsIn } from "../lead-ids.ts";
import { type CrmLead, LeadSource } from "./leads.ts";

export interface CrmSettings {
  /** URL to which `/{source}` is added. */
  readonly endpoint: string;
  /** Signing secrets by source. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly seed: number;
}

/** What became of one webhook. */
export interface Delivery {
  readonly source: string;
  readonly status: number;
  readonly body: string;
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

/** A stand-in for a CRM: sends signed webhooks and, as CRMs do, sends again what was not accepted. */
export class Crm extends EventEmitter<{ delivered: [Delivery] }> {
  readonly #settings: CrmSettings;
  readonly #leads: LeadSource;
  readonly #pool: Pool;
  readonly #stopped = new AbortController();

  constructor(settings: CrmSettings) {
    super();
    this.#settings = settings;
    this.#leads = new LeadSource(settings.seed);
    this.#pool = new Pool(requireLoopback(settings.endpoint).origin, { connections });
  }

  /** Sends made-up leads to the sources in turn, all at once or at a rate a second; ends when the last one is settled. */
  async sendLeads(count: number, rate?: number): Promise<Delivery[]> {
    const sources = [...this.#settings.secrets.keys()];
    const started = performance.now();
    const deliveries: Promise<Delivery>[] = [];
    for (let index = 0; index < count; index++) {
      if (rate !== undefined) {
        const wait = started + (index * 1000) / rate - performance.now();
        if (wait > 1) await this.#pause(wait);
      }
      if (this.#stopped.signal.aborted) break;
      deliveries.push(this.sendLead(sources[index % sources.length] ?? "", this.#leads.next()));
    }
    return Promise.all(deliveries);
  }

  sendLead(source: string, lead: CrmLead | Readonly<Record<string, unknown>>): Promise<Delivery> {
    return this.send(this.sign(source, envelope(lead), this.#leads.eventId()), source, lead);
  }

  /** A request with a fresh signature. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
  sign(source: string, body: string, eventId = this.#leads.eventId(), at = new Date()): Signed {
    const secret = this.#settings.secrets.get(source);
    return {
      url: `${this.#settings.endpoint}/${encodeURIComponent(source)}`,
      headers: {
        "content-type": "application/json",
        "user-agent": "leadwire-crm/1",
        "webhook-id": eventId,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": secret === undefined ? "" : new Webhook(secret).sign(eventId, at, body),
      },
      body,
    };
  }

  /** Sends until the endpoint answers with anything but 429 and 5xx, or there is no time left for another try. */
  async send(signed: Signed, source: string, lead: unknown, milliseconds = patience): Promise<Delivery> {
    const until = performance.now() + milliseconds;
    let wait = backoff.first;
    for (let attempts = 1; ; attempts++) {
      const { status, body, retryAfter } = await this.#post(signed);
      const final = status !== 0 && status !== 429 && status < 500;
      if (final || performance.now() + wait > until || this.#stopped.signal.aborted) {
        const leadIds = status >= 200 && status < 300 ? leadIdsIn(body.replaceAll(".json", "")) : [];
        const delivery: Delivery = { source, status, body, attempts, leadIds, lead };
        this.emit("delivered", delivery);
        return delivery;
      }
      const chance = wait * (0.5 + Math.random() / 2);
      await this.#pause(Math.max(chance, retryAfter * 1000));
      wait = Math.min(wait * 2, backoff.longest);
    }
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

const envelope = (lead: unknown) =>
  JSON.stringify({ type: "lead.created", timestamp: new Date().toISOString(), data: lead });
